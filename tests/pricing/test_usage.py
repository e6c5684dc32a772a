from __future__ import annotations

from decimal import Decimal

import pytest

from pricing.errors import UsageError
from pricing.quantity import Quantity
from pricing.registry import unit_of
from pricing.usage import Usage

BUCKET = "aws:s3/bucket:Bucket"


def test_a_name_wins_over_its_type() -> None:
    usage = Usage.from_mapping(
        {"types": {BUCKET: {"storage_gb": 1, "put_requests": 5}}, "resources": {"logs": {"storage_gb": 7}}}, "u.yaml"
    )
    assert usage.declared(BUCKET, "logs", "storage_gb", unit_of) == Quantity.exact(7)
    assert usage.declared(BUCKET, "logs", "put_requests", unit_of) == Quantity.exact(5)
    assert usage.declared(BUCKET, "assets", "storage_gb", unit_of) == Quantity.exact(1)
    assert usage.declared(BUCKET, "assets", "get_requests", unit_of) is None


def test_a_range_defaults_to_what_is_expected() -> None:
    usage = Usage.from_mapping(
        {"types": {BUCKET: {"storage_gb": {"expected": 2.5, "maximum": "4", "unit": "GB", "source": "bill"}}}}, "u.yaml"
    )
    assert usage.declared(BUCKET, "x", "storage_gb", unit_of) == Quantity(Decimal("2.5"), Decimal("2.5"), Decimal(4))


def test_usage_of_a_later_stage_is_left_out() -> None:
    data = {"resources": {"table": {"size_gb": {"expected": 1, "from_stage": 2}}}}
    assert Usage.from_mapping(data, "u.yaml", stage=1).resources == {}
    assert Usage.from_mapping(data, "u.yaml", stage=2).declared("t", "table", "size_gb", unit_of) == Quantity.exact(1)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ([], "u.yaml: usage: expected a mapping"),
        ({"tpyes": {}}, "u.yaml: usage.tpyes: unknown key; accepted: types, resources"),
        ({"types": {BUCKET: 3}}, f"usage.types.{BUCKET}: expected a mapping, got 3"),
        ({"types": {BUCKET: {"k": True}}}, "True is not a number"),
        ({"types": {BUCKET: {"k": "many"}}}, "'many' is not a number"),
        ({"types": {BUCKET: {"k": -1}}}, "-1 is not a number of zero or more"),
        ({"types": {BUCKET: {"k": float("nan")}}}, "nan is not a number"),
        ({"types": {BUCKET: {"k": {"minimum": 1}}}}, "`expected` is missing"),
        ({"types": {BUCKET: {"k": {"expected": 1, "max": 2}}}}, "k.max: unknown key"),
        ({"types": {BUCKET: {"k": {"expected": 5, "maximum": 2}}}}, "minimum <= expected <= maximum"),
        ({"resources": {3: {}}}, "usage.resources.3: unknown key"),
    ],
)
def test_bad_usage_names_file_key_and_value(data: object, says: str) -> None:
    with pytest.raises(UsageError) as failure:
        Usage.from_mapping(data, "u.yaml")
    assert says in str(failure.value)


def test_what_nothing_reads_is_reported() -> None:
    usage = Usage.from_mapping(
        {
            "types": {BUCKET: {"storage_bg": 1, "storage_gb": 1}, "aws:x:Y": {"k": 1}},
            "resources": {"logs": {"storage_gb": 1, "colour": 2}, "nobody": {"k": 1}},
        },
        "u.yaml",
    )
    found = "\n".join(usage.unused({BUCKET: ["storage_gb"]}, {"logs": [BUCKET]}))
    assert "types.aws:x:Y: no price rule" in found
    assert "storage_bg: unknown usage key; accepted: storage_gb" in found
    assert "resources.logs.colour" in found
    assert "resources.nobody" in found
    assert found.count("\n") == 3


def use(value: object, **of: object) -> Usage:
    return Usage.from_mapping({"types": {BUCKET: {"storage_gb": value}}}, "u.yaml", **of)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "notes",
    [{}, {"source": "bill", "date": "2026-11-25", "unit": "GB"}, {"from_stage": 0}, {"from_stage": "3"}],
)
def test_notes_change_nothing_of_what_is_declared(notes: dict[str, object]) -> None:
    assert use({"expected": 2, **notes}, stage=3).declared(BUCKET, "x", "storage_gb", unit_of) == Quantity.exact(2)


def test_what_is_declared_without_a_stage_holds_from_the_first_on() -> None:
    assert use({"expected": 2}, stage=0).declared(BUCKET, "x", "storage_gb", unit_of) == Quantity.exact(2)
    assert use({"expected": 2, "from_stage": 1}, stage=0).declared(BUCKET, "x", "storage_gb", unit_of) is None


@pytest.mark.parametrize(
    ("notes", "says"),
    [
        ({"source": ""}, "storage_gb.source: "),
        ({"source": 3}, "storage_gb.source: 3; accepted: text"),
        ({"unit": " "}, "storage_gb.unit: "),
        ({"date": "20261125"}, "storage_gb.date: "),
        ({"date": "2026-02-30"}, "storage_gb.date: "),
        ({"from_stage": "soon"}, "storage_gb.from_stage: "),
        ({"minimum": "few"}, "storage_gb.minimum: "),
        ({"maximum": "many"}, "storage_gb.maximum: "),
        ({"minimum": 3}, "storage_gb: need 0 <="),
    ],
)
def test_notes_that_say_nothing_are_refused(notes: dict[str, object], says: str) -> None:
    with pytest.raises(UsageError) as failure:
        use({"expected": 2, **notes})
    assert says in str(failure.value)


def test_a_unit_is_converted_and_one_of_another_kind_counts_as_nothing() -> None:
    assert use({"expected": 2, "unit": "TB"}).declared(BUCKET, "x", "storage_gb", unit_of) == Quantity.exact(2048)
    wrong = use({"expected": 2, "unit": "hours"})
    assert wrong.declared(BUCKET, "x", "storage_gb", unit_of) is None
    [said] = wrong.wrong_units({BUCKET: {"storage_gb": "GB"}}, {})
    assert said.startswith(f"u.yaml: usage.types.{BUCKET}.storage_gb.unit: 'hours' is no unit of this key; accepted: ")
    assert "TB" in said
    assert wrong.wrong_units({BUCKET: {"other": "GB"}}, {}) == []
    assert use({"expected": 2, "unit": "TB"}).wrong_units({BUCKET: {"storage_gb": "GB"}}, {}) == []


def test_a_unit_of_a_name_is_held_against_the_types_of_that_name() -> None:
    data = {"resources": {"logs": {"storage_gb": {"expected": 1, "unit": "hours"}}}}
    named = Usage.from_mapping(data, "u.yaml")
    keys = {BUCKET: {"storage_gb": "GB"}, "other": {"storage_gb": "hours"}}
    assert len(named.wrong_units(keys, {"logs": [BUCKET]})) == 1
    assert named.wrong_units(keys, {"logs": ["other"]}) == []
    assert named.wrong_units(keys, {}) == []


def test_empty_sections_are_nothing() -> None:
    assert Usage.from_mapping(None, "u.yaml") == Usage(file="u.yaml")
    assert Usage.from_mapping({"types": None, "resources": {}}, "u.yaml").types == {}


def test_a_key_of_any_type_of_a_name_is_read() -> None:
    usage = Usage.from_mapping({"resources": {"both": {"a": 1, "b": 1, "c": 1}}}, "u.yaml")
    found = usage.unused({"X": ["a"], "Y": ["b"]}, {"both": ["X", "Y"]})
    assert found == ["u.yaml: usage.resources.both.c: unknown usage key; accepted: a, b"]
    assert "accepted: none" in usage.unused({}, {"both": ["X"]})[0]


def test_where_a_value_is() -> None:
    assert Usage(file="f.yaml", place="").at("types", "x") == "f.yaml: types.x"
    assert Usage(file="f.yaml", place="usage").at() == "f.yaml: usage"
