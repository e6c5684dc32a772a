"""What runs of a kind may cost in a month. Reserved before one begins, so that two at once cannot overspend."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from contract.run_table import collection
from runners.runs.clock import Clock
from runners.runs.records import Records
from runners.runs.run_folder import month_of


@dataclass(frozen=True, kw_only=True)
class MonthlyBudget:
    """The month's amount in USD, at list price, and what of it is taken."""

    kind: str
    monthly_usd: Decimal
    records: Records
    clock: Clock

    def reserve(self, run: str, usd: Decimal, **about: str) -> Decimal | None:
        """Takes the cost out of the month; reserving a run again changes nothing.

        The reservation is written before the sum is read: of two that only fit alone, at most one begins.

        Returns:
            None, or what the others have taken if it does not fit: then this run takes nothing.

        Raises:
            AwsError: the records could not be read or written.
        """
        month = self._month(run)
        taken = {"run": run, **about, "usd": str(usd), "verdict": None}
        self.records.put(month, run, taken)
        spent = self._sum(month)
        if spent <= self.monthly_usd:
            return None
        self.records.put(month, run, taken | {"usd": "0", "verdict": "refused"})
        return spent - usd

    def settle(self, run: str, usd: Decimal, verdict: str, **about: Any) -> None:
        """Keeps what a run cost, and how it ended, in the place of what was reserved.

        Raises:
            AwsError: the record could not be written.
        """
        self.records.put(self._month(run), run, {"run": run, **about, "usd": str(usd), "verdict": str(verdict)})

    def spent(self) -> Decimal:
        """What is taken of the current month, in USD."""
        return self._sum(collection(self.kind, f"{self.clock.now():%Y-%m}"))

    def _sum(self, month: str) -> Decimal:
        return sum((Decimal(item["usd"]) for item in self.records.all(month).values()), Decimal(0))

    def _month(self, run: str) -> str:
        return collection(self.kind, month_of(run))
