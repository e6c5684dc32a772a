"""Rehearsals over HTTP: `/ial/rehearsal` begins one, `/ial/clock` lets its time pass, and FIS's own paths run in it."""

from __future__ import annotations

import re
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterable
from typing import Any, Final

from contract.names import metric_namespace
from local.simulation.cloud_side import CloudSide
from local.simulation.design import Design, DesignError
from local.simulation.experiment import Experiment
from local.simulation.fault_knobs import FaultKnobs
from local.simulation.rehearsal import HISTORY_SECONDS, Rehearsal, RehearsalError
from local.simulation.telemetry import MINUTE
from local.web import Environ, Start, Wsgi, answer, is_signed_for, read_document, refuse

_EXPERIMENT: Final = re.compile(r"/experiments/(?P<id>[^/]+)(?P<rest>/resolvedTargets)?")
_LEVER: Final = re.compile(r"/safetyLevers/(?P<id>[^/]+)(?P<rest>/state)?")
_PAGE: Final = 100
_NAMESPACE: Final = metric_namespace("dev")


class RehearsalExtension:
    """A WSGI application in front of moto. Without a rehearsal, FIS runs in one that follows this machine's time."""

    def __init__(self, inner: Wsgi) -> None:
        self._inner, self.cloud = inner, CloudSide()
        self._lock = threading.Lock()
        self._held: Rehearsal | None = None
        self._keeps_up, self._ended = True, 0.0

    @property
    def current(self) -> Rehearsal | None:
        """The rehearsal that was begun, None if there is none."""
        return self._held

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Serves one request."""
        path = urllib.parse.unquote(environ.get("PATH_INFO", ""))
        handler = self._handler(path, environ)
        if handler is None:
            return self._inner(environ, start_response)
        try:
            return answer(start_response, handler())
        except RehearsalError as error:
            return refuse(start_response, error.code, str(error))
        except DesignError as error:
            return refuse(start_response, "ValidationException", str(error))

    def _handler(self, path: str, environ: Environ) -> Callable[[], dict[str, Any]] | None:
        method = environ["REQUEST_METHOD"]
        if path == "/ial/rehearsal":
            return lambda: self._rehearsal(method, environ)
        if path == "/ial/clock":
            return lambda: self._clock(method, environ)
        if path == "/ial/load":
            return lambda: self._load(environ)
        if not is_signed_for(environ, "fis"):
            return None
        if path == "/experiments":
            return lambda: self._experiments(method, environ)
        found = _EXPERIMENT.fullmatch(path)
        if found is not None:
            id_, targets = found["id"], bool(found["rest"])
            return lambda: self._experiment(method, id_, targets=targets)
        return (lambda: self._lever(method, environ)) if _LEVER.fullmatch(path) else None

    def _rehearsal(self, method: str, environ: Environ) -> dict[str, Any]:
        if method == "PUT":
            asked = read_document(environ)
            design, knobs = Design.read(asked.get("design", {})), FaultKnobs.read(asked.get("faults", {}))
            with self._lock:
                self._end()
                # Its past begins after the end of the one before: no minute may be reported twice.
                begins = max(time.time(), self._ended + HISTORY_SECONDS + MINUTE)
                self._held = Rehearsal(self.cloud, design, knobs, str(asked.get("namespace", _NAMESPACE)), begins)
                self._keeps_up = False
        elif method == "DELETE":
            with self._lock:
                self._end()
        held = self._held
        return {"running": held is not None, "now": held.now if held else time.time()}

    def _end(self) -> None:
        if self._held is not None:
            self._ended = self._held.now
            self._held.store.forget()
        self._held, self._keeps_up = None, True

    def _clock(self, method: str, environ: Environ) -> dict[str, Any]:
        held = self._running()
        if method == "POST":
            held.advance(float(read_document(environ)["advance"]))
        return {"now": held.now}

    def _load(self, environ: Environ) -> dict[str, Any]:
        self._running().load(float(read_document(environ)["requests_per_second"]))
        return {}

    def _experiments(self, method: str, environ: Environ) -> dict[str, Any]:
        held = self._speaking()
        if method == "POST":
            asked = read_document(environ)
            options = asked.get("experimentOptions", {})
            started = held.start(
                asked["experimentTemplateId"],
                asked["clientToken"],
                asked.get("tags", {}),
                skip_all=options.get("actionsMode") == "skip-all",
            )
            return {"experiment": self._shown(started)}
        asked_for = urllib.parse.parse_qs(environ.get("QUERY_STRING", ""))
        first = int(asked_for.get("nextToken", ["0"])[0])
        size = int(asked_for.get("maxResults", [str(_PAGE)])[0])
        listed = [held.experiments[id_].summary() for id_ in sorted(held.experiments)]
        more = {"nextToken": str(first + size)} if first + size < len(listed) else {}
        return {"experiments": listed[first : first + size], **more}

    def _experiment(self, method: str, id_: str, *, targets: bool) -> dict[str, Any]:
        held = self._speaking()
        if method == "DELETE":
            return {"experiment": self._shown(held.stop(id_))}
        experiment = held.found(id_)
        if not targets:
            return {"experiment": self._shown(experiment)}
        resolved = [
            {
                "resourceType": experiment.resource_types[name],
                "targetName": name,
                "targetInformation": {"arn": arn},
            }
            for name, arns in experiment.hit.items()
            for arn in arns
        ]
        return {"resolvedTargets": resolved}

    def _shown(self, experiment: Experiment) -> dict[str, Any]:
        document = {key: value for key, value in experiment.document().items() if value is not None}
        held = self._held
        if held is not None and held.knobs.status and not experiment.over:
            document["state"] = {"status": held.knobs.status, "reason": "rehearsed"}
        return document

    def _lever(self, method: str, environ: Environ) -> dict[str, Any]:
        held = self._speaking()
        if method == "PATCH":
            asked = read_document(environ)["state"]
            held.set_lever(str(asked["status"]), str(asked["reason"]))
        arn = "arn:aws:fis:us-east-1:123456789012:safety-lever/default"
        return {
            "safetyLever": {
                "id": "default",
                "arn": arn,
                "state": {"status": held.lever, "reason": held.lever_reason},
            }
        }

    def _running(self) -> Rehearsal:
        with self._lock:
            if self._held is None:
                self._held = Rehearsal(self.cloud, Design(), FaultKnobs(), _NAMESPACE, time.time())
            held = self._held
        if self._keeps_up:
            held.advance(max(0.0, time.time() - held.now))
        return held

    def _speaking(self) -> Rehearsal:
        held = self._running()
        if held.silent:
            raise RehearsalError("ThrottlingException", "Rate exceeded")
        return held


def show_the_simulation(extension: RehearsalExtension) -> None:
    """Makes moto answer with the simulation's health checks, scaling activities and alarm history."""
    from moto.autoscaling.responses import AutoScalingResponse
    from moto.cloudwatch.responses import CloudWatchResponse
    from moto.core.responses import ActionResult
    from moto.elbv2.models import FakeHealthStatus, FakeTargetGroup

    from local.seed import SERVICE
    from local.simulation import reports

    plain = FakeTargetGroup.health_for

    def health_for(group: FakeTargetGroup, target: dict[str, Any], ec2: Any) -> FakeHealthStatus:
        held = extension.current
        known = None if held is None or group.name != SERVICE else held.workload.instance(target["Id"])
        if known is None:
            return plain(group, target, ec2)
        return FakeHealthStatus(
            target["Id"], str(target.get("Port", group.port)), group.health_check_port, known.health
        )

    def activities(response: AutoScalingResponse) -> ActionResult:
        held = extension.current
        asked = response._get_param("AutoScalingGroupName")
        return ActionResult(
            {"Activities": reports.scaling_activities(held) if held and asked in (None, SERVICE) else []}
        )

    def history(response: CloudWatchResponse) -> ActionResult:
        held = extension.current
        asked = {name: response._get_param(name) for name in ("AlarmName", "StartDate", "EndDate", "HistoryItemType")}
        return ActionResult({"AlarmHistoryItems": reports.alarm_history(held, asked) if held else []})

    FakeTargetGroup.health_for = health_for  # type: ignore[method-assign,assignment]
    AutoScalingResponse.describe_scaling_activities = activities  # type: ignore[method-assign,assignment]
    CloudWatchResponse.describe_alarm_history = history  # type: ignore[attr-defined]
