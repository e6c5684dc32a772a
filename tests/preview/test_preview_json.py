from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from preview.preview_json import read_preview
from preview.wire import RESOURCE, SIGNATURE, UNKNOWN_SENTINELS
from pricing.errors import ResourceFileError
from pricing.resource import UNKNOWN

STACK = "urn:pulumi:dev::ial::pulumi:pulumi:Stack::ial-dev"
COMPONENT = "urn:pulumi:dev::ial::ial:backup:Backup::backup"
TABLE = "urn:pulumi:dev::ial::ial:backup:Backup$aws:dynamodb/table:Table::records"


def state(urn: str, inputs: dict[str, Any] | None = None, *, custom: bool = True, **more: Any) -> dict[str, Any]:
    token = urn.split("::")[2].split("$")[-1]
    return {"urn": urn, "type": token, "custom": custom, **({"inputs": inputs} if inputs else {}), **more}


def step(op: str, urn: str, inputs: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    key = "oldState" if op in ("delete", "delete-replaced") else "newState"
    return {"op": op, "urn": urn, key: state(urn, inputs, **more)}


def digest(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    shown = [step("same", STACK, custom=False), *steps]
    summary: dict[str, int] = {}
    for entry in shown:
        if entry["op"] not in ("create-replacement", "delete-replaced"):
            summary[entry["op"]] = summary.get(entry["op"], 0) + 1
    return {"config": {}, "steps": shown, "duration": 1, "changeSummary": summary, **more}


@pytest.mark.parametrize("op", ["create", "update", "same", "replace", "create-replacement", "import", "refresh"])
def test_every_operation_that_leaves_a_resource_counts(op: str) -> None:
    found = read_preview(digest(step(op, TABLE, {"hashKey": "id"})), "p.json")
    (stack, table) = found.graph
    assert (stack.type, table.urn) == ("pulumi:pulumi:Stack", TABLE)
    assert table.components == ("ial:backup:Backup",)
    assert table.properties == {"hashKey": "id"}
    assert (TABLE in found.replaced) is (op in ("replace", "create-replacement"))


@pytest.mark.parametrize("op", ["delete", "delete-replaced", "read", "discard"])
def test_what_leaves_or_is_only_read_does_not_count(op: str) -> None:
    found = read_preview(digest(step(op, TABLE, {"a": 1})), "p.json").graph
    assert found.find(TABLE) is None
    assert [entry.urn for entry in found.read] == [TABLE] * (op == "read")


def test_the_three_steps_of_a_replacement_are_one_resource() -> None:
    steps = [step(op, TABLE, {"n": 2}) for op in ("create-replacement", "replace", "delete-replaced")]
    found = read_preview(digest(*steps), "p.json")
    assert [entry.urn for entry in found.graph].count(TABLE) == 1
    assert found.replaced == {TABLE}


def test_components_cost_nothing_and_external_resources_stand_apart() -> None:
    other = "urn:pulumi:dev::ial::team:web:Site::site"
    found = read_preview(
        digest(
            step("create", COMPONENT, custom=False), step("create", other, custom=False),
            step("create", TABLE, {"a": "b"}, external=True),
        ),
        "p.json",
    )  # fmt: skip
    assert [entry.urn for entry in found.graph] == [STACK, COMPONENT, other]
    assert not any(entry.is_cloud for entry in found.graph)
    assert [entry.urn for entry in found.graph.read] == [TABLE]


@pytest.mark.parametrize("sentinel", sorted(UNKNOWN_SENTINELS))
def test_unknowns_stay_unknown(sentinel: str) -> None:
    found = read_preview(digest(step("create", TABLE, {"a": sentinel, "l": [sentinel], "o": {"x": sentinel}})), "p")
    table = found.graph.find(TABLE)
    assert table is not None
    assert table.properties == {"a": UNKNOWN, "l": [UNKNOWN], "o": {"x": UNKNOWN}}


def test_secrets_are_unknown_and_flagged() -> None:
    found = read_preview(digest(step("create", TABLE, {"a": "[secret]", "b": {"c": ["[secret]"]}, "d": 1})), "p")
    table = found.graph.find(TABLE)
    assert table is not None
    assert table.secrets == {"a", "b"}
    assert table.properties == {"a": UNKNOWN, "b": {"c": [UNKNOWN]}, "d": Decimal(1)}


def test_resource_references_and_the_bridge_s_own_keys() -> None:
    inputs = {"__defaults": [], "t": {"__defaults": ["x"], "r": {SIGNATURE: RESOURCE, "urn": TABLE, "id": "i-1"}}}
    table = read_preview(digest(step("create", TABLE, inputs)), "p").graph.find(TABLE)
    assert table is not None
    assert table.properties == {"t": {"r": "i-1"}}


def test_a_resource_takes_the_region_of_its_own_provider() -> None:
    provider = "urn:pulumi:dev::ial::pulumi:providers:aws::west"
    found = read_preview(
        digest(
            step("create", provider, {"region": "us-west-2"}),
            step("create", TABLE, {"a": "b"}, provider=f"{provider}::04da6b54-80e4-46f7-96ec-b56ff0331ba9"),
        ),
        "p",
    )
    table = found.graph.find(TABLE)
    assert table is not None
    assert (table.region, dict(table.properties)) == ("us-west-2", {"a": "b"})


def _drop_same(data: dict[str, Any]) -> None:
    data["steps"] = [entry for entry in data["steps"] if entry["urn"] == STACK]


FAULTS: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda data: _drop_same(data), "changeSummary.same: 2 resources, but steps show 1"),
    (lambda data: data.update(steps=[]), "steps: missing or empty"),
    (lambda data: data.update(steps=None), "steps: missing or empty"),
    (lambda data: data.update(steps={}), "steps: missing or empty"),
    (lambda data: data.update(steps="x"), "steps: expected a list"),
    (lambda data: data.pop("changeSummary"), "changeSummary: missing"),
    (lambda data: data.update(changeSummary=[]), "changeSummary: expected an object"),
    (lambda data: data["changeSummary"].update(same="two"), 'changeSummary.same: "two"; a number'),
    (lambda data: data["changeSummary"].update(create=1), "changeSummary.create: 1 resources, but steps show 0"),
    (lambda data: data.update(maybeCorrupt=True), "maybeCorrupt"),
    (lambda data: data.update(diagnostics=[{"severity": "error", "message": "no\nway"}]), "the preview failed: no"),
    (lambda data: data["steps"][1].update(op="explode"), "steps[1].op: 'explode'; accepted are create, "),
    (lambda data: data["steps"][1].pop("op"), "steps[1].op: missing"),
    (lambda data: data["steps"][1].pop("newState"), "steps[1].newState: expected an object, got null"),
    (lambda data: data["steps"][1].update(urn=STACK), "differs from newState.urn"),
    (lambda data: data["steps"][1]["newState"].update(type="aws:s3/bucket:Bucket"), "does not fit type"),
    (lambda data: data["steps"][1]["newState"].update(inputs=[]), "newState.inputs: expected an object, got a list"),
    (lambda data: data["steps"][1]["newState"].update(custom="yes"), 'newState.custom: "yes"'),
    (lambda data: data["steps"][1]["newState"].update(dependencies="x"), "dependencies: expected a list"),
]


@pytest.mark.parametrize(("spoil", "message"), FAULTS)
def test_a_digest_that_cannot_be_judged_is_an_error(spoil: Callable[[dict[str, Any]], object], message: str) -> None:
    data = copy.deepcopy(digest(step("same", TABLE, {"a": "b"})))
    spoil(data)
    with pytest.raises(ResourceFileError) as error:
        read_preview(data, "p.json")
    text = str(error.value)
    assert text.startswith("p.json: ")
    assert "\n" not in text
    assert message in text


def test_a_default_provider_does_not_stand_in_for_a_missing_resource() -> None:
    data = digest(step("same", "urn:pulumi:dev::ial::pulumi:providers:aws::default_7_51_1", {"region": "us-east-1"}))
    with pytest.raises(ResourceFileError, match="2 resources, but steps show 1"):
        read_preview(data, "p.json")


def test_a_refresh_that_found_nothing_leaves_the_word_to_the_next_step() -> None:
    gone = {"op": "refresh", "urn": TABLE, "oldState": state(TABLE)}
    assert read_preview(digest(gone), "p").graph.find(TABLE) is None
    assert read_preview(digest(gone, step("create", TABLE, {"a": "b"})), "p").graph.find(TABLE) is not None


def test_warnings_of_the_preview_are_no_failure() -> None:
    assert len(read_preview(digest(diagnostics=[{"severity": "warning", "message": "old"}]), "p").graph) == 1
