from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pulumi
import pytest

from components.backup.backup import Backup, BackupArgs
from components.chaos.chaos import Chaos, ChaosArgs
from components.observability.observability import Observability, ObservabilityArgs
from components.omissions import omissions
from components.outputs import document
from components.settings import Settings
from tests.components.chaos.test_chaos import of_kind, shipped
from tests.components.conftest import TOPIC

WINDOW = {"days": ["MON"], "opens": "09:00", "closes": "17:00"}
SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "outputs.schema.json").read_text())


@pytest.fixture
def written(run: Any, settings: Callable[..., Settings]) -> Callable[..., dict[str, Any]]:
    def outputs(**values: Any) -> dict[str, Any]:
        found: list[dict[str, Any]] = []

        def build() -> None:
            given = settings(**values)
            seen = Observability("observability", ObservabilityArgs(settings=given)) if given.stage >= 1 else None
            kept = Backup("backup", BackupArgs(settings=given, topic_arn=TOPIC)) if given.stage >= 2 else None
            faults = _chaos(given) if given.stage >= 3 else None
            pulumi.Output.from_input(document(given, omissions(given), seen, kept, faults)).apply(found.append)

        run(build)
        return found[0]

    return outputs


def _chaos(settings: Settings) -> Chaos:
    """The shipped experiments, and one of each kind that a stack asks for by itself."""
    specs = (*shipped(), *((4, of_kind(kind)) for kind in ("az-impairment", "connection-exhaustion")))
    args = ChaosArgs(settings=settings, experiments=specs, topic_arn=TOPIC, records_table="ial-dev-records")
    return Chaos("chaos", args)


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
        {"chaos": {"window": WINDOW, "freezes": [{"first": "2026-12-20", "last": "2027-01-06"}]}},
        {"slo": {"target": 0.99}, "alarmInstances": ["i-0123456789abcdef0"], "teamDashboards": 2},
    ],
    ids=["default", "stage-0", "stage-1", "nothing-there", "cluster-only", "terms", "extras"],
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


def test_a_preview_knows_all_that_aws_does_not_decide(run: Any, settings: Callable[..., Settings]) -> None:
    found: list[dict[str, Any]] = []
    given = settings()

    def build() -> None:
        found.append(document(given, omissions(given), Observability("o", ObservabilityArgs(settings=given)), None))

    run(build, preview=True)
    seen = found[0]["observability"]
    assert seen["dashboards"] == ["ial-dev-overview"]
    assert [name for name, value in seen.items() if isinstance(value, pulumi.Output)] == ["topic_arn"]


def test_a_table_s_own_recovery_days_are_told_and_the_window_s_for_the_others(written: Any) -> None:
    tables = [{"name": "orders", "recoveryDays": 7}, {"name": "carts"}]
    found = written(workload={"tables": tables}, recoveryWindowDays=21)["workload"]["tables"]
    assert {table["name"]: table["recovery_days"] for table in found} == {"orders": 7, "carts": 21}


def test_addresses_of_people_stay_out(written: Any) -> None:
    assert "@" not in json.dumps(written(notifyEmails=["someone@example.com"]))
