from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contract.run_table import DRILLS
from runners.backup.drill import Cost
from runners.backup.life_cycle import reserved
from runners.runs.monthly_budget import MonthlyBudget
from runners.runs.reason import Obstacle
from tests.runners.backup.test_life_cycle import SideTable
from tests.runners.rehearsal import MemoryRecords, QuickClock

AMOUNTS = st.decimals(min_value="0.01", max_value="1", places=2)


def budget(monthly: Decimal) -> MonthlyBudget:
    return MonthlyBudget(kind=DRILLS, monthly_usd=monthly, records=MemoryRecords(), clock=QuickClock())


def reserve(held: MonthlyBudget, run: str, usd: Decimal) -> list[Obstacle]:
    return reserved(held, run, SideTable(), Cost(usd=usd, lines=()))


@given(AMOUNTS, st.lists(AMOUNTS, max_size=12))
def test_never_more_than_the_month_allows(monthly: Decimal, costs: list[Decimal]) -> None:
    held = budget(monthly)
    begun = [usd for number, usd in enumerate(costs) if not reserve(held, f"20261125-08300{number:x}-a1b2", usd)]
    assert sum(begun) <= monthly
    assert held.spent() == sum(begun)


def test_the_refusal_says_what_is_left_and_what_to_do() -> None:
    held = budget(Decimal("0.50"))
    assert reserve(held, "20261101-083000-a1b2", Decimal("0.30")) == []
    [said] = reserve(held, "20261102-083000-a1b2", Decimal("0.25"))
    assert str(said) == (
        "over-drill-budget: "
        "a drill of table orders costs up to 0.25 USD and 0.30 of this month's 0.50 USD are taken; "
        "raise ial:backup drills.monthlyBudget, or wait for next month"
    )


def test_reserving_a_run_again_takes_nothing_more() -> None:
    held = budget(Decimal("0.50"))
    for _ in range(3):
        assert reserve(held, "20261101-083000-a1b2", Decimal("0.30")) == []
    assert held.spent() == Decimal("0.30")


def test_a_run_belongs_to_the_month_in_which_it_began() -> None:
    held = budget(Decimal("0.50"))
    assert reserve(held, "20261031-235959-a1b2", Decimal("0.50")) == []
    assert held.spent() == 0
    assert reserve(held, "20261101-000001-a1b2", Decimal("0.50")) == []


def test_of_two_at_once_that_only_fit_alone_at_most_one_begins() -> None:
    """Each reads the sum after both have written: neither may begin, and never both."""
    held = budget(Decimal("0.50"))
    other = {"usd": "0.30", "run": "b", "kind": "table", "resource": "orders", "verdict": None}

    class Racing(MemoryRecords):
        def all(self, run: str) -> Mapping[str, Mapping[str, Any]]:
            super().put(run, "20261101-083001-b1b2", other)
            return super().all(run)

    raced = MonthlyBudget(kind=DRILLS, monthly_usd=held.monthly_usd, records=Racing(), clock=held.clock)
    assert reserve(raced, "20261101-083000-a1b2", Decimal("0.30"))
