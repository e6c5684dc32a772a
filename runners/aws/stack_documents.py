"""What AWS holds of a stack as documents: dashboards, alarms, experiment templates."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract.names import ENVIRONMENT_TAG, resource_prefix
from runners.aws.session import Clients, calling

if TYPE_CHECKING:
    from contract.outputs import Outputs

_CHAOS_STAGE: Final = 3


@dataclass(frozen=True)
class StackDocuments:
    """Reads only."""

    clients: Clients

    def parts(self, outputs: Outputs) -> Iterator[tuple[str, Callable[[], bytes]]]:
        """Each document's file, and what reads it or raises AwsError."""
        for name in outputs.observability.dashboards if outputs.observability else ():
            yield f"dashboards/{name}.json", partial(self._dashboard, name)
        yield "alarms.json", lambda: _json(self._alarms(resource_prefix(outputs.environment)))
        if outputs.stage >= _CHAOS_STAGE:
            yield "experiment-templates.json", lambda: _json(self._templates(outputs.environment))

    def _dashboard(self, name: str) -> bytes:
        with calling("cloudwatch:GetDashboard", name):
            found = self.clients.client("cloudwatch").get_dashboard(DashboardName=name)
        body: str = found["DashboardBody"]
        return body.encode()

    def _alarms(self, prefix: str) -> dict[str, Any]:
        kinds = ("MetricAlarms", "CompositeAlarms")
        asked: dict[str, Any] = {"AlarmNamePrefix": prefix, "AlarmTypes": ["MetricAlarm", "CompositeAlarm"]}
        with calling("cloudwatch:DescribeAlarms", prefix):
            found = self.clients.client("cloudwatch").get_paginator("describe_alarms").paginate(**asked)
            pages: list[Any] = list(found)
        return {kind: [alarm for page in pages for alarm in page.get(kind, [])] for kind in kinds}

    def _templates(self, environment: str) -> dict[str, Any]:
        client = self.clients.client("fis")
        with calling("fis:ListExperimentTemplates", "the region"):
            pages = list(client.get_paginator("list_experiment_templates").paginate())
        listed = [entry for page in pages for entry in page["experimentTemplates"]]
        found = []
        for entry in listed:
            if entry.get("tags", {}).get(ENVIRONMENT_TAG) == environment:
                with calling("fis:GetExperimentTemplate", entry["id"]):
                    found.append(client.get_experiment_template(id=entry["id"])["experimentTemplate"])
        return {"templates": found}


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, indent=2, sort_keys=True, default=str).encode()
