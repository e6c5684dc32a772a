"""What the month costs, the workload included."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import ClassVar

from runners.analysis.inputs import Inputs, MonthCost
from runners.analysis.kpis.kpi import Measure, measure
from runners.analysis.model import Answer, Kpi
from runners.analysis.published import Range
from runners.analysis.records import KINDS, Record, usd_of


@measure
class MonthlyCost(Measure[Record]):
    """The month's estimate or bill against what it may be; what runs have cost is told beside it."""

    place: ClassVar = 8
    kinds: ClassVar[frozenset[type[Record]]] = KINDS

    def __init__(self, inputs: Inputs) -> None:
        super().__init__(inputs)
        # How often which amount was in which month: sums of money are exact, and slow.
        self._amounts: Counter[tuple[str, str]] = Counter()
        self._unknown = 0

    def add(self, record: Record) -> None:
        """Counts what a run cost."""
        usd = usd_of(record)
        if usd is None:
            self._unknown += 1
        else:
            self._amounts[record.run[:6], usd] += 1

    leave_out = add

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
            value=None if cost is None or cost.expected is None else float(cost.expected),
            interval=None if cost is None else Range(low=float(cost.low), high=_float(cost.high)),
            method=f"from the least to the most by {cost.source}"
            if cost
            else "none: no estimate and no bill was given",
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
        months: dict[str, Decimal] = {}
        for (month, usd), times in self._amounts.items():
            months[month] = months.get(month, Decimal(0)) + times * Decimal(usd)
        usd_of_runs, dearest = max(((usd, month) for month, usd in months.items()), default=(Decimal(0), ""))
        runs = f"runs of {dearest[:4]}-{dearest[4:]} cost {usd_of_runs:.2f} USD at most" if dearest else "no run yet"
        if cost is None:
            return f"cost of a month: neither an estimate nor a bill was given (goal {goal} USD; {runs})"
        open_end = "it depends on usage" if cost.high is not None else "not known before the month is over"
        told = {"met": "met", "missed": "missed", "not-enough-runs": open_end}[_answer(cost, goal)]
        between = f"at least {cost.low:.2f}" if cost.high is None else f"{cost.low:.2f} to {cost.high:.2f}"
        return f"cost of a month: {told} ({between} USD by {cost.source}; goal {goal} USD; {runs})"


def _float(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _answer(cost: MonthCost | None, goal: Decimal) -> Answer:
    if cost is None:
        return "not-enough-runs"
    if cost.high is not None and cost.high <= goal:
        return "met"
    return "missed" if cost.low > goal else "not-enough-runs"
