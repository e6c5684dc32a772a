"""X-Ray groups, sampling rules and the graph of services, which moto lacks: in front of moto, under AWS's own paths."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, Final

from moto.xray.models import xray_backends

from local.endpoint import ACCOUNT, REGION
from local.service_graph import service_graph
from local.web import Environ, Start, Wsgi, answer, is_signed_for, read_document, refuse

# https://docs.aws.amazon.com/xray/latest/devguide/xray-console-servicemap.html: six hours at a time at the most.
_LONGEST: Final = 6 * 3600
_ARN: Final = f"arn:aws:xray:{REGION}:{ACCOUNT}"


class _InvalidError(Exception):
    """A request that X-Ray refuses."""


class XRayExtension:
    """A WSGI application that answers for groups and sampling rules, and passes everything else on."""

    def __init__(self, inner: Wsgi) -> None:
        self._inner = inner
        self._groups: dict[str, dict[str, Any]] = {}
        self._rules: dict[str, dict[str, Any]] = {}
        self._operations: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "/CreateGroup": self._put_group,
            "/UpdateGroup": self._put_group,
            "/GetGroup": lambda asked: {"Group": self._groups[_name(asked, "Group")]},
            "/Groups": lambda _: {"Groups": list(self._groups.values())},
            "/DeleteGroup": lambda asked: self._remove(self._groups, _name(asked, "Group")),
            "/CreateSamplingRule": lambda asked: self._put_rule(asked["SamplingRule"]),
            "/UpdateSamplingRule": lambda asked: self._put_rule(asked["SamplingRuleUpdate"]),
            "/GetSamplingRules": lambda _: {"SamplingRuleRecords": [{"SamplingRule": r} for r in self._rules.values()]},
            "/ServiceGraph": self._graph,
            "/DeleteSamplingRule": lambda asked: self._remove(self._rules, _name(asked, "Rule")),
        }

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Serves one request."""
        operation = self._operations.get(environ.get("PATH_INFO", ""))
        if operation is None or not is_signed_for(environ, "xray"):
            return self._inner(environ, start_response)
        try:
            return answer(start_response, operation(read_document(environ)))
        except _InvalidError as error:
            return refuse(start_response, "InvalidRequestException", str(error))
        except KeyError as error:
            return refuse(start_response, "InvalidRequestException", f"no such group or rule: {error}")

    def _put_group(self, asked: dict[str, Any]) -> dict[str, Any]:
        name = _name(asked, "Group")
        group = {key: value for key, value in asked.items() if key in ("FilterExpression", "InsightsConfiguration")}
        self._groups[name] = {"GroupName": name, "GroupARN": f"{_ARN}:group/{name}/local", **group}
        return {"Group": self._groups[name]}

    def _put_rule(self, rule: dict[str, Any]) -> dict[str, Any]:
        name = _name(rule, "Rule")
        self._rules[name] = {
            **self._rules.get(name, {}),
            **rule,
            "RuleName": name,
            "RuleARN": f"{_ARN}:sampling-rule/{name}",
        }
        return {"SamplingRuleRecord": {"SamplingRule": self._rules[name]}}

    def _graph(self, asked: dict[str, Any]) -> dict[str, Any]:
        start, end = float(asked["StartTime"]), float(asked["EndTime"])
        if not 0 < end - start <= _LONGEST:
            msg = "the time range must be of at most 6 hours"
            raise _InvalidError(msg)
        if asked.get("GroupName") or asked.get("GroupARN"):
            # Its filter is a language of its own: what is not understood is refused, and not passed over.
            msg = "the local cloud has no graph of a group"
            raise _InvalidError(msg)
        traces = xray_backends[ACCOUNT][REGION]._segment_collection._traces.values()
        segments = [json.loads(segment.raw) for trace in list(traces) for segment in trace["segments"]]
        return {"StartTime": start, "EndTime": end, "Services": service_graph(segments, start, end)}

    def _remove(self, store: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
        del store[name]
        return {}


def _name(asked: dict[str, Any], kind: str) -> str:
    """The name that a request gives, directly or inside an ARN."""
    name = asked.get(f"{kind}Name")
    if name:
        return str(name)
    parts = str(asked[f"{kind}ARN"]).split("/")
    return parts[1]
