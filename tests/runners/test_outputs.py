from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from runners.errors import OutputsError
from runners.outputs import Outputs, plain
from tests.runners.conftest import ROOT

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
    outputs = Outputs.parse(DOCUMENT, "stack dev")
    assert outputs.stage == 1
    assert outputs.workload.tables == ()
    assert outputs.omitted[0].feature == "alarms"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema_version": 2}, "stack dev: schema_version is 2, this ial reads 1"),
        ({"stage": 9}, "stage"),
        ({"account_id": "12"}, "account_id"),
        ({"extra": 1}, "extra"),
        ({"workload": {}}, "workload.ecs_cluster"),
        ({"stage": "1"}, "stage"),
    ],
)
def test_another_document_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(OutputsError, match=said):
        Outputs.parse(DOCUMENT | change, "stack dev")


@pytest.mark.parametrize("data", [None, [], "text", {}])
def test_what_is_no_document_is_refused(data: object) -> None:
    with pytest.raises(OutputsError, match="schema_version is None"):
        Outputs.parse(data, "stack dev")


def test_engines_give_floats_where_the_program_gave_whole_numbers() -> None:
    outputs = Outputs.parse(plain(DOCUMENT | {"schema_version": 1.0, "stage": 8.0, "omitted": []}), "stack dev")
    assert (outputs.schema_version, outputs.stage) == (1, 8)
    assert plain([{"a": 0.5}, True, "1.0"]) == [{"a": 0.5}, True, "1.0"]


def keys(schema: dict[str, Any], definitions: dict[str, Any]) -> Any:
    """The shape of a schema: names all the way down, whatever the schema's style."""
    if "$ref" in schema:
        return keys(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    for option in schema.get("anyOf", []):
        if option.get("type") != "null":
            return keys(option, definitions)
    if "properties" in schema:
        return {name: keys(part, definitions) for name, part in schema["properties"].items()}
    return [keys(schema["items"], definitions)] if "items" in schema else None


def test_reader_and_published_schema_name_the_same_keys() -> None:
    published = json.loads((ROOT / "schemas" / "outputs.schema.json").read_text())
    read = msgspec.json.schema(Outputs)
    assert keys(read, read["$defs"]) == keys(published, published.get("$defs", {}))
