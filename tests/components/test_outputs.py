from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pulumi
import pytest

from components.backup.backup import Backup, BackupArgs
from components.observability.observability import Observability, ObservabilityArgs
from components.omissions import omissions
from components.outputs import document
from components.settings import Settings
from tests.components.conftest import TOPIC

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "outputs.schema.json").read_text())


@pytest.fixture
def written(run: Any, settings: Callable[..., Settings]) -> Callable[..., dict[str, Any]]:
    def outputs(**values: Any) -> dict[str, Any]:
        found: list[dict[str, Any]] = []

        def build() -> None:
            given = settings(**values)
            seen = Observability("observability", ObservabilityArgs(settings=given)) if given.stage >= 1 else None
            kept = Backup("backup", BackupArgs(settings=given, topic_arn=TOPIC)) if given.stage >= 2 else None
            pulumi.Output.from_input(document(given, omissions(given), seen, kept)).apply(found.append)

        run(build)
        return found[0]

    return outputs


def test_the_schema_is_a_schema_and_closed() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    open_objects = [path for path, node in _objects(SCHEMA, "") if node.get("additionalProperties") is not False]
    undescribed = [path for path, node in _objects(SCHEMA, "") if not node.get("description")]
    assert (open_objects, undescribed) == ([], [])


def _objects(node: Any, path: str) -> list[tuple[str, dict[str, Any]]]:
    if isinstance(node, list):
        return [found for number, part in enumerate(node) for found in _objects(part, f"{path}/{number}")]
    if not isinstance(node, dict):
        return []
    here = [(path, node)] if "properties" in node and "type" in node else []
    return here + [found for key, part in node.items() for found in _objects(part, f"{path}/{key}")]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"stage": 0},
        {"stage": 1},
        {"stage": 2, "workload": {}},
        {"workload": {"ecsCluster": "shop"}, "containerInsights": "off"},
        {"slo": {"target": 0.99}, "alarmInstances": ["i-0123456789abcdef0"], "teamDashboards": 2},
    ],
    ids=["default", "stage-0", "stage-1", "nothing-there", "cluster-only", "extras"],
)
def test_outputs_fit_their_schema(written: Any, values: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(written(**values))


def test_parts_come_with_their_stage(written: Any) -> None:
    assert (written(stage=0)["observability"], written(stage=0)["backup"]) == (None, None)
    assert written(stage=1)["observability"] is not None
    assert written(stage=1)["backup"] is None


def test_runners_find_alarms_and_roles(written: Any) -> None:
    outputs = written()
    alarm = outputs["observability"]["alarms"][0]
    assert alarm["arn"] == "arn:aws:cloudwatch:us-east-1:123456789012:alarm:ial-dev-errors"
    assert set(outputs["backup"]["runner_roles"]) == {"reader", "drill"}
    assert outputs["backup"]["configuration_bucket"] == "ial-dev-configuration-123456789012"
    assert outputs["backup"]["records_table"] == "ial-dev-records"


def test_addresses_of_people_stay_out(written: Any) -> None:
    assert "@" not in json.dumps(written(notifyEmails=["someone@example.com"]))
