from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from pricing.estimate import Estimate
from pricing.resource import Resource

WORKGROUP, SCANNED = "aws:athena/workgroup:Workgroup", "Data scanned by queries"
Lines = Callable[..., dict[str, Decimal | None]]


@pytest.mark.parametrize(
    ("usage", "usd", "source"),
    [
        ({"queries": 0, "scanned_gb": 0}, "0", "nobody asks"),
        ({"queries": 1, "scanned_gb": 0}, "0.00005", "10 MB x 5.00 a TB"),
        ({"queries": 0, "scanned_gb": 1000}, "5", "1 TB"),
        ({"queries": 200, "scanned_gb": 2}, "0.02", "2 GB + 200 x 0.01 GB = 0.004 TB"),
        ({"queries": 200}, None, "what they read is not declared"),
        ({"scanned_gb": 2}, None, "how many they are is not declared"),
        (None, None, "nothing is declared"),
    ],
)
def test_queries_bill_what_they_read(
    lines: Lines, usage: dict[str, object] | None, usd: str | None, source: str
) -> None:
    assert lines(WORKGROUP, {"name": "records"}, usage) == {SCANNED: None if usd is None else Decimal(usd)}, source


def test_what_is_not_declared_is_never_zero(declare: Callable[..., Resource], price: Callable[..., Estimate]) -> None:
    result = price(declare(WORKGROUP, {"name": "records"}))
    assert [problem.code for problem in result.problems] == ["undeclared-usage"]


@pytest.mark.parametrize(
    ("engine", "known"), [("AUTO", True), ("Athena engine version 3", True), ("PySpark engine version 3", False)]
)
def test_spark_has_no_price(
    declare: Callable[..., Resource], price: Callable[..., Estimate], engine: str, known: bool
) -> None:
    held = declare(WORKGROUP, {"configuration": {"engineVersion": {"selectedEngineVersion": engine}}})
    problems = price(held, usage={"queries": 1, "scanned_gb": 1}).problems
    assert (problems == ()) == known, problems


def test_a_saved_query_costs_nothing(lines: Lines) -> None:
    assert lines("aws:athena/namedQuery:NamedQuery", {"name": "drills", "query": "SELECT 1"}) == {}
