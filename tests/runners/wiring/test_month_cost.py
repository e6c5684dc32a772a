"""What a month costs, from an estimate's file: amounts that are none are refused, and never compared."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from contract.goals import Goals
from runners.errors import InputError
from runners.wiring.month_cost import month_cost

FILE = Path("estimate.json")


def estimate(low: Any = "1", expected: Any = "2", high: Any = "3", complete: bool = True) -> dict[str, Any]:
    totals = {"totalMonthlyCostMinimum": low, "totalMonthlyCost": expected, "totalMonthlyCostMaximum": high}
    return {**totals, "complete": complete}


def test_the_workload_is_in_it() -> None:
    found = month_cost(estimate(), FILE, Goals(workload_usd="145"))
    assert (found.low, found.expected, found.high) == (Decimal(146), Decimal(147), Decimal(148))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (estimate(high="NaN"), "no amount of money"),
        (estimate(expected="sNaN"), "no amount of money"),
        (estimate(high="Infinity"), "no amount of money"),
        (estimate(low="-1"), "no amount of money"),
        (estimate(high="dear"), "no amount of money"),
        (estimate(high=None), "no amount of money"),
        (estimate(low="5"), "least, expected and most"),
        (estimate(high="1.50"), "least, expected and most"),
        (estimate(complete=False), "not complete"),
        ({}, "is no estimate"),
    ],
)
def test_what_is_no_estimate_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        month_cost(given, FILE, Goals())
