from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec import to_builtins

from contract.outputs import upgraded
from runners.errors import OutputsError
from runners.stack.outputs import parsed, plain

FIRST = Path(__file__).parents[2] / "contract" / "outputs" / "version-1.json"
DOCUMENT: dict[str, Any] = {
    "schema_version": 1,
    "project": "ial",
    "stack": "dev",
    "environment": "dev",
    "owner": "platform-team",
    "stage": 1,
    "account_id": "123456789012",
    "region": "us-east-1",
    "recovery_window_days": 14,
    "workload": {
        "ecs_cluster": None,
        "ecs_service": None,
        "load_balancer": None,
        "target_group": None,
        "auto_scaling_group": None,
        "database": None,
        "tables": [],
        "buckets": [],
        "log_groups": [],
    },
    "observability": None,
    "backup": None,
    "chaos": None,
    "omitted": [{"feature": "alarms", "reason": "there is no load balancer"}],
}


def test_the_document_is_read() -> None:
    outputs = parsed(DOCUMENT, "stack dev")
    assert outputs.stage == 1
    assert outputs.workload.tables == ()
    assert outputs.omitted[0].feature == "alarms"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema_version": 3}, "stack dev: schema_version is 3, this ial reads 1 to 2"),
        ({"schema_version": "1"}, "stack dev: schema_version is '1', this ial reads 1 to 2"),
        ({"stage": 9}, "stage"),
        ({"account_id": "12"}, "account_id"),
        ({"extra": 1}, "extra"),
        ({"workload": {}}, "workload.ecs_cluster"),
        ({"workload": None}, "workload"),
        ({"observability": {"alarms": [7]}}, "observability"),
        ({"stage": "1"}, "stage"),
    ],
)
def test_another_document_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(OutputsError, match=said):
        parsed(DOCUMENT | change, "stack dev")


@pytest.mark.parametrize("data", [None, [], "text", {}])
def test_what_is_no_document_is_refused(data: object) -> None:
    with pytest.raises(OutputsError, match="schema_version is None"):
        parsed(data, "stack dev")


def test_engines_give_floats_where_the_program_gave_whole_numbers() -> None:
    outputs = parsed(plain(DOCUMENT | {"schema_version": 1.0, "stage": 8.0, "omitted": []}), "stack dev")
    assert (outputs.schema_version, outputs.stage) == (2, 8)
    assert plain([{"a": 0.5}, True, "1.0"]) == [{"a": 0.5}, True, "1.0"]


def test_a_document_of_the_first_version_is_read() -> None:
    outputs = parsed(json.loads(FIRST.read_text()), "stack dev")
    assert outputs.observability is not None
    assert outputs.backup is not None
    assert outputs.chaos is not None
    assert [table.name for table in outputs.workload.tables] == ["orders", "sessions"]
    assert [alarm.signal for alarm in outputs.observability.alarms][:2] == ["errors", "latency"]
    assert {experiment.kind for experiment in outputs.chaos.experiments} > {"az-impairment", "connection-exhaustion"}
    assert upgraded(to_builtins(outputs)) == to_builtins(outputs)


def test_what_the_first_version_had_is_refused_in_the_second() -> None:
    document = json.loads(FIRST.read_text()) | {"schema_version": 2}
    with pytest.raises(OutputsError, match=r"workload\.log_groups: the key is not known"):
        parsed(document, "stack dev")
