"""What experiments may cost in a calendar month. Reserved before one starts, so that two at once cannot overspend."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from runners.runs.clock import Clock
from runners.runs.records import Records


@dataclass(frozen=True, kw_only=True)
class ChaosBudget:
    """The month's amount in USD, at list price, and what of it is taken."""

    monthly_usd: Decimal
    records: Records
    clock: Clock

    def spent(self) -> Decimal:
        """What is taken of the current month, in USD."""
        return self._sum(f"chaos#{self.clock.now():%Y-%m}")

    def reserve(self, run: str, experiment: str, usd: Decimal) -> str | None:
        """Takes the cost out of the month, or says why not; again for the same run changes nothing."""
        taken = {"run": run, "experiment": experiment, "usd": str(usd), "verdict": None}
        self.records.put(_month(run), run, taken)
        if self._sum(_month(run)) <= self.monthly_usd:
            return None
        self.records.put(_month(run), run, taken | {"usd": "0", "verdict": "refused"})
        return f"over-budget: {usd} USD more would exceed the {self.monthly_usd} USD of this month"

    def settle(self, run: str, experiment: str, usd: Decimal, verdict: str) -> None:
        """Keeps what a run cost with its verdict: nothing if the fault never began."""
        self.records.put(_month(run), run, {"run": run, "experiment": experiment, "usd": str(usd), "verdict": verdict})

    def _sum(self, month: str) -> Decimal:
        return sum((Decimal(item["usd"]) for item in self.records.all(month).values()), Decimal(0))


def _month(run: str) -> str:
    """A run belongs to the month in which it began: its name starts with the date."""
    return f"chaos#{run[:4]}-{run[4:6]}"
