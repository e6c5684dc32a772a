"""What the month costs, the workload included."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from runners.analysis.inputs import Inputs, MonthCost
from runners.analysis.kpis.kpi import Measure, measure
from runners.analysis.model import Answer, Kpi
from runners.analysis.published import Range
from runners.analysis.records import Record, usd_of


@measure
class MonthlyCost(Measure):
    """The month's estimate or bill against what it may be; what runs have cost is told beside it."""

    place: ClassVar = 8

    def __init__(self, inputs: Inputs) -> None:
        super().__init__(inputs)
        self._by_month: dict[str, Decimal] = {}
        self._unknown = 0

    def add(self, record: Record) -> None:
        """Counts what a run cost."""
        usd = usd_of(record)
        if usd is None:
            self._unknown += 1
        else:
            self._by_month[record.month] = self._by_month.get(record.month, Decimal(0)) + usd

    def found(self) -> Kpi:
        """What the month says."""
        goal, cost = Decimal(self.inputs.goals.monthly_usd), self.inputs.cost
        return Kpi(
            name="cost",
            title="cost of a month, workload included",
            unit="usd",
            goal=float(goal),
            better="less",
            answer=_answer(cost, goal),
            value=None if cost is None else float(cost.expected),
            interval=None if cost is None else Range(low=float(cost.low), high=float(cost.high)),
            method="from the least to the most that is declared" if cost else "none: no estimate and no bill was given",
            count=int(cost is not None),
            needed=1,
            median=None,
            median_interval=None,
            worst=None,
            censored=0,
            points=(),
            left_out={"the cost of the run is not known": self._unknown} if self._unknown else {},
            said=self._said(cost, goal),
        )

    def _said(self, cost: MonthCost | None, goal: Decimal) -> str:
        dearest = max(self._by_month.items(), key=lambda held: (held[1], held[0]), default=None)
        runs = "no run cost anything" if dearest is None else f"runs of {dearest[0]} cost {dearest[1]:.2f} USD at most"
        if cost is None:
            return f"cost of a month: neither an estimate nor a bill was given (goal {goal} USD; {runs})"
        told = {"met": "met", "missed": "missed", "not-enough-runs": "it depends on usage"}[_answer(cost, goal)]
        return (
            f"cost of a month: {told} ({cost.low:.2f} to {cost.high:.2f} USD by {cost.source}; goal {goal} USD; {runs})"
        )


def _answer(cost: MonthCost | None, goal: Decimal) -> Answer:
    if cost is None:
        return "not-enough-runs"
    if cost.high <= goal:
        return "met"
    return "missed" if cost.low > goal else "not-enough-runs"
