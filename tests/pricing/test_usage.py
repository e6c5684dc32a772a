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
