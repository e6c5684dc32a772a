"""How many requests are answered without an error of the service, by the load balancer's own counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from runners.analysis.inputs import RequestDay
from runners.analysis.kpis.answers import answered, percent
from runners.analysis.kpis.kpi import Measure, measure
from runners.analysis.model import Kpi
from runners.analysis.published import range_of, rounded
from runners.analysis.records import Record
from runners.analysis.statistics.proportion import Interval, wilson

# Fewer days do not show how much one differs from another.
FEWEST_DAYS: Final = 7


@measure
class Uptime(Measure[Record]):
    """Requests that did not fail, of all."""

    place: ClassVar = 1
    kinds: ClassVar[frozenset[type[Record]]] = frozenset()

    def add(self, record: Record) -> None:
        """Records do not count requests."""

    def found(self) -> Kpi:
        """What the days say."""
        days, goal = self.inputs.requests or (), self.inputs.goals.availability_percent
        total, interval = sum(day.requests for day in days), uptime_interval(days)
        share = None if not total else 1 - sum(day.failed for day in days) / total
        answer = answered(interval, float(goal) / 100)
        return Kpi(
            name="uptime",
            title="requests answered without an error of the service",
            unit="percent",
            goal=float(goal),
            better="more",
            answer=answer,
            value=None if share is None else rounded(100 * share),
            interval=range_of(interval, 100),
            method="Wilson's interval, 95 %, of as many requests as count where whole days differ (design effect)",
            count=total,
            needed=None,
            median=None,
            median_interval=None,
            worst=None,
            censored=0,
            points=(),
            left_out={} if self.inputs.requests is not None else {"the load balancer's counts are not known": 1},
            said=self._said(len(days), total, share, interval),
        )

    def _said(self, days: int, total: int, share: float | None, interval: Interval | None) -> str:
        goal = self.inputs.goals.availability_percent
        if share is None:
            return f"uptime: nothing was counted by a load balancer (goal {goal} %)"
        measured = f"{percent(share)} of {total} requests on {days} days"
        if interval is None:
            return f"uptime: not enough days yet, {days} of {FEWEST_DAYS} ({measured}; goal {goal} %)"
        low, high = percent(interval.low or 0), percent(interval.high or 0)
        told = {"met": "met", "missed": "missed", "not-enough-runs": "not enough days yet"}
        return (
            f"uptime: {told[answered(interval, float(goal) / 100)]} ({measured}, 95 %: {low} - {high}; goal {goal} %)"
        )


def uptime_interval(days: Sequence[RequestDay]) -> Interval | None:
    """Wilson's interval with the effective number of requests; None with fewer than seven days.

    Requests of one outage fail together, so that a day of a million says less than a million. The design effect is the
    variance of the share between days over that of requests on their own; the number is divided by it, and is never
    less than that of days. Source: Korn and Graubard, "Confidence intervals for proportions with small expected number
    of positive counts estimated from survey data", Survey Methodology 24 (1998).
    """
    counted = [day for day in days if day.requests]
    total = sum(day.requests for day in counted)
    if len(counted) < FEWEST_DAYS:
        return None
    failed = sum(day.failed for day in counted) / total
    effective = float(total)
    if 0 < failed < 1:
        apart = sum((day.failed - failed * day.requests) ** 2 for day in counted)
        variance = apart / total**2 * len(counted) / (len(counted) - 1)
        effect = variance / (failed * (1 - failed) / total)
        effective = max(len(counted), total / max(1.0, effect))
    return wilson((1 - failed) * effective, effective)
