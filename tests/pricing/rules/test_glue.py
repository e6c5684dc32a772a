from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from pricing.estimate import Estimate
from pricing.resource import Resource

DATABASE, TABLE = "aws:glue/catalogDatabase:CatalogDatabase", "aws:glue/catalogTable:CatalogTable"
OBJECTS, REQUESTS = "Objects in the catalogue", "Requests to the catalogue"
Lines = Callable[..., dict[str, Decimal | None]]


def test_a_database_is_one_object(lines: Lines) -> None:
    # 1.00 USD for 100,000 objects.
    assert lines(DATABASE, {"name": "records"}) == {OBJECTS: Decimal("0.00001")}


@pytest.mark.parametrize(
    ("usage", "objects", "requests"),
    [
        ({"requests": 0}, "0.00001", "0"),
        ({"requests": 2_000_000}, "0.00001", "2"),
        ({"requests": 0, "parts": 99_999}, "1", "0"),
        (None, "0.00001", None),
    ],
)
def test_a_table_bills_its_parts_and_requests(
    lines: Lines, usage: dict[str, object] | None, objects: str, requests: str | None
) -> None:
    expected = {OBJECTS: Decimal(objects), REQUESTS: None if requests is None else Decimal(requests)}
    assert lines(TABLE, {"name": "runs"}, usage) == expected


def test_a_million_of_each_is_free(declare: Callable[..., Resource], price: Callable[..., Estimate]) -> None:
    result = price(declare(TABLE, {"name": "runs"}), usage={"requests": 1_000_000})
    assert result.total.expected == Decimal("1.00001")
    assert result.total_after_free_tier is not None
    assert result.total_after_free_tier.expected == 0
