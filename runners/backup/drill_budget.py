"""What drills may cost in a calendar month. Reserved before a drill begins, so that two at once cannot overspend."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from runners.backup.drill import Cost
from runners.backup.drill_record import DrillRecord
from runners.backup.evidence import Kind, Verdict
from runners.runs.clock import Clock
from runners.runs.records import Records


@dataclass(frozen=True, kw_only=True)
class DrillBudget:
    """The month's amount in USD, at list price, and what of it is taken."""

    monthly_usd: Decimal
    records: Records
    clock: Clock

    def reserve(self, run: str, kind: Kind, resource: str, cost: Cost) -> list[str]:
        """Takes the cost out of the month, or says why not. Reserving a run again changes nothing.

        The reservation is written before the sum is read: of two that only fit alone, at most one begins.
        """
        if cost.usd is None:
            return [
                f"{'; '.join(cost.unknown)}, so nobody can say whether the month's {self.monthly_usd:.2f} USD suffice; "
                "add it with `ial cost refresh-prices`"
            ]
        taken = {"run": run, "kind": str(kind), "resource": resource, "usd": str(cost.usd), "verdict": None}
        self.records.put(self._month(run), run, taken)
        spent = sum((Decimal(item["usd"]) for item in self.records.all(self._month(run)).values()), Decimal(0))
        if spent <= self.monthly_usd:
            return []
        self.records.put(self._month(run), run, taken | {"usd": "0", "verdict": str(Verdict.REFUSED)})
        before = spent - cost.usd
        return [
            f"a drill of {kind} {resource} costs up to {cost.usd:.2f} USD and {before:.2f} of this month's "
            f"{self.monthly_usd:.2f} USD are taken; raise ial:backup drills.monthlyBudget, or wait for next month"
        ]

    def settle(self, record: DrillRecord) -> None:
        """Keeps the outcome with the reservation. What was reserved stays taken: AWS bills a failed restore too."""
        usd = Decimal(0) if record.verdict is Verdict.REFUSED or record.cost_usd is None else record.cost_usd
        self.records.put(
            self._month(record.run),
            record.run,
            {
                "run": record.run,
                "kind": str(record.kind),
                "resource": record.resource,
                "usd": str(usd),
                "verdict": str(record.verdict),
                "started": record.started,
                "rtoSeconds": record.rto_seconds,
                "rpoSeconds": record.rpo_seconds,
            },
        )

    def spent(self) -> Decimal:
        """What is taken of the current month, in USD."""
        month = f"drills#{self.clock.now():%Y-%m}"
        return sum((Decimal(item["usd"]) for item in self.records.all(month).values()), Decimal(0))

    @staticmethod
    def _month(run: str) -> str:
        """A run belongs to the month in which it began: its name starts with the date."""
        return f"drills#{run[:4]}-{run[4:6]}"
