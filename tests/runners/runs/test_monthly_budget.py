from __future__ import annotations

from decimal import Decimal

import pytest

from contract.run_table import CHAOS, DRILLS
from runners.runs.monthly_budget import MonthlyBudget
from tests.runners.rehearsal import MemoryRecords, QuickClock

RUN = "20261125-083000-a1b2"


def budget(kind: str, records: MemoryRecords) -> MonthlyBudget:
    return MonthlyBudget(kind=kind, monthly_usd=Decimal("0.50"), records=records, clock=QuickClock())


@pytest.mark.parametrize(
    ("kind", "held"),
    [
        (DRILLS, {"kind": "table", "resource": "orders", "rtoSeconds": 60.0}),
        (CHAOS, {"experiment": "network-latency"}),
    ],
)
def test_what_was_written_before_is_counted(kind: str, held: dict[str, object]) -> None:
    """The names of collections are data of every stack that is there."""
    records = MemoryRecords()
    records.put(f"{kind}#2026-11", "20261101-083000-a1b2", {"run": "x", "usd": "0.40", "verdict": "passed", **held})
    found = budget(kind, records)
    assert found.spent() == Decimal("0.40")
    assert found.reserve(RUN, Decimal("0.20"), resource="orders") == Decimal("0.40")
    assert records.get(f"{kind}#2026-11", RUN) == {"run": RUN, "resource": "orders", "usd": "0", "verdict": "refused"}
    assert found.reserve(RUN, Decimal("0.10")) is None


def test_each_kind_has_a_month_of_its_own() -> None:
    records = MemoryRecords()
    assert budget(DRILLS, records).reserve(RUN, Decimal("0.50")) is None
    assert budget(CHAOS, records).reserve(RUN, Decimal("0.50")) is None


def test_what_it_cost_takes_the_place_of_what_was_reserved() -> None:
    records = MemoryRecords()
    found = budget(CHAOS, records)
    assert found.reserve(RUN, Decimal("0.30"), experiment="x") is None
    found.settle(RUN, Decimal("0.10"), "passed", experiment="x")
    assert found.spent() == Decimal("0.10")
    kept = {"run": RUN, "experiment": "x", "usd": "0.10", "verdict": "passed"}
    assert records.get("chaos#2026-11", RUN) == kept
