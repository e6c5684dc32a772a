from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from preview.state_export import read_state_export
from preview.wire import SECRET, SIGNATURE
from pricing.errors import ResourceFileError
from pricing.resource import UNKNOWN

TABLE = "urn:pulumi:dev::ial::ial:backup:Backup$aws:dynamodb/table:Table::records"
ROLE = "urn:pulumi:dev::ial::aws:iam/role:Role::runner"


def state(urn: str, inputs: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    token = urn.split("::")[2].split("$")[-1]
    return {"urn": urn, "type": token, "custom": True, "inputs": inputs or {}, "outputs": {"arn": "x"}, **more}


def export(*resources: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"version": 3, "deployment": {"manifest": {}, "resources": list(resources), **more}}


def test_inputs_count_and_outputs_do_not() -> None:
    found = read_state_export(export(state(TABLE, {"readCapacity": Decimal(5)}, protect=True)), "s.json")
    (table,) = found.graph
    assert table.properties == {"readCapacity": Decimal(5)}
    assert (table.protect, table.capability, found.notes) == (True, "backup", ())


def test_secrets_without_their_value_are_unknown_and_flagged() -> None:
    inputs = {
        "a": {SIGNATURE: SECRET, "ciphertext": "AAAB"},
        "b": {SIGNATURE: SECRET, "plaintext": '{"size": 2.50}'},
        "c": [{"d": {SIGNATURE: SECRET, "ciphertext": "v1:x"}}],
    }
    (table,) = read_state_export(export(state(TABLE, inputs)), "s.json").graph
    assert table.secrets == {"a", "b", "c"}
    assert table.properties == {"a": UNKNOWN, "b": {"size": Decimal("2.50")}, "c": [{"d": UNKNOWN}]}


def test_a_copy_that_awaits_deletion_is_noted_and_not_counted_twice() -> None:
    found = read_state_export(export(state(TABLE, {"n": "new"}), state(TABLE, {"n": "old"}, delete=True)), "s.json")
    (table,) = found.graph
    assert table.properties == {"n": "new"}
    assert "awaits deletion" in found.notes[0]


def test_a_pending_replacement_counts() -> None:
    found = read_state_export(export(state(TABLE, {"n": "x"}, pendingReplacement=True)), "s.json")
    assert len(found.graph) == 1
    assert "not created again yet" in found.notes[0]


def test_external_resources_do_not_count() -> None:
    assert len(read_state_export(export(state(TABLE, external=True), state(ROLE)), "s.json").graph) == 1


def test_an_interrupted_creation_counts() -> None:
    pending = [{"type": "creating", "resource": state(TABLE)}, {"type": "deleting", "resource": state(ROLE)}]
    found = read_state_export(export(pending_operations=pending), "s.json")
    assert [entry.urn for entry in found.graph] == [TABLE]
    assert "interrupted" in found.notes[0]


@pytest.mark.parametrize("resources", [None, []])
def test_an_empty_stack_is_empty(resources: Any) -> None:
    data = export()
    data["deployment"]["resources"] = resources
    assert len(read_state_export(data, "s.json").graph) == 0


FAULTS: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda data: data.update(version=2), "version: 2; accepted are 3, 4"),
    (lambda data: data.pop("version"), "version: null; accepted are 3, 4"),
    (lambda data: data.update(deployment=None), "deployment: expected an object, got null"),
    (lambda data: data["deployment"].update(resources={"a": 1}), "deployment.resources: expected a list"),
    (lambda data: data["deployment"]["resources"].append(3), "deployment.resources[1]: expected an object, got 3"),
    (lambda data: data["deployment"]["resources"][0].pop("urn"), "deployment.resources[0].urn: missing"),
    (lambda data: data["deployment"]["resources"][0].update(urn="x"), "'x' does not fit type"),
    (lambda data: data["deployment"]["resources"].append(state(TABLE)), "is listed twice"),
    (
        lambda data: data["deployment"]["resources"][0].update(inputs={"a": {SIGNATURE: SECRET, "plaintext": "{"}}),
        "a property value cannot be read",
    ),
]


@pytest.mark.parametrize(("spoil", "message"), FAULTS)
def test_a_malformed_export_is_an_error(spoil: Callable[[dict[str, Any]], object], message: str) -> None:
    data = copy.deepcopy(export(state(TABLE, {"a": "b"})))
    spoil(data)
    with pytest.raises(ResourceFileError) as error:
        read_state_export(data, "s.json")
    text = str(error.value)
    assert text.startswith("s.json: ")
    assert "\n" not in text
    assert message in text


def test_an_error_never_shows_what_may_be_secret() -> None:
    data = export(state(TABLE, {"a": {SIGNATURE: SECRET, "plaintext": "hunter2"}}))
    with pytest.raises(ResourceFileError) as error:
        read_state_export(data, "s.json")
    assert "hunter2" not in str(error.value)
