"""How a share of runs is compared with its goal, and told: met, missed, or not enough runs."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf, isinf
from operator import itemgetter
from typing import Final

from runners.analysis.model import Answer, Kpi, Point
from runners.analysis.published import range_of, rounded
from runners.analysis.statistics.median import median, median_interval
from runners.analysis.statistics.proportion import Interval, wilson

# Why a run counts for no alarm.
UNKNOWN_ALARMS: Final = "the alarms' history is not known"
# Below this many runs a bare percentage says more than is known.
FEWEST_FOR_PERCENT: Final = 20
MOST_POINTS: Final = 200
_SORTED_AT: Final = 8 * MOST_POINTS
_BY_RUN: Final = itemgetter(0, 1)
_MOST_NEEDED: Final = 1_000_000


@dataclass
class Tally:
    """Runs that met an objective, all that count, and those that do not, by reason."""

    good: int = 0
    count: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    def add(self, good: bool) -> None:
        """Counts a run."""
        self.good += good
        self.count += 1


@dataclass
class Series:
    """Durations: all values, and the newest points. One that did not come about counts as infinitely long."""

    values: array[float] = field(default_factory=lambda: array("d"))
    _points: list[tuple[str, str, float | None, float | None, float]] = field(default_factory=list)
    # A run of before it is not among the newest.
    _from: str = ""

    def add(self, run: str, of: str, value: float | None, looked: float | None, objective: float) -> None:
        """Counts a run; `looked` is for how long somebody looked at one that did not come about."""
        self.values.append(inf if value is None else value)
        if run < self._from:
            return
        self._points.append((run, of, value, looked if value is None else None, objective))
        if len(self._points) >= _SORTED_AT:
            self._points = sorted(self._points, key=_BY_RUN)[-MOST_POINTS:]
            self._from = self._points[0][0]

    @property
    def newest(self) -> tuple[Point, ...]:
        """The newest points, the oldest of them first."""
        held = sorted(self._points, key=_BY_RUN)[-MOST_POINTS:]
        return tuple(
            Point(run=run, of=of, value=value, censored_at=looked, objective=objective)
            for run, of, value, looked, objective in held
        )


def answered(interval: Interval | None, goal: float) -> Answer:
    """Whether the whole interval is beyond the goal; more is better."""
    if interval is not None and interval.low is not None and interval.low >= goal:
        return "met"
    if interval is not None and interval.high is not None and interval.high < goal:
        return "missed"
    return "not-enough-runs"


def needed(goal: float, failures: int) -> int | None:
    """How many runs show that a share is above the goal, if no more than these fail; None for what no number shows."""
    if goal >= 1:
        return None

    def shown(count: int) -> bool:
        interval = wilson(count - failures, count)
        return interval is not None and (interval.low or 0) >= goal

    high = max(1, failures)
    while not shown(high):
        high *= 2
        if high > _MOST_NEEDED:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if middle > failures and shown(middle) else (middle, high)
    return high


def share_kpi(name: str, title: str, tally: Tally, goal_percent: str, series: Series | None = None) -> Kpi:
    """The measure of a share of runs, with its points if they have a duration."""
    goal = float(goal_percent) / 100
    interval = wilson(tally.good, tally.count)
    most, answer = needed(goal, tally.count - tally.good), answered(interval, goal)
    held = series or Series()
    middle = median(held.values)
    worst = max(held.values, default=None)
    return Kpi(
        name=name,
        title=title,
        unit="percent",
        goal=float(goal_percent),
        better="more",
        answer=answer,
        value=None if not tally.count else rounded(100 * tally.good / tally.count),
        interval=range_of(interval, 100),
        method="Wilson's interval of a share of runs, 95 %",
        count=tally.count,
        needed=most,
        median=_finite(middle),
        median_interval=range_of(median_interval(held.values)),
        worst=_finite(worst),
        censored=sum(isinf(value) for value in held.values),
        points=held.newest,
        left_out=dict(sorted(tally.left_out.items())),
        said=_said(title, tally, goal_percent, answer, interval, most)
        + (f"; {seconds_of(held.values)}" if held.values else ""),
    )


def percent(value: float) -> str:
    """A share for people; never rounded up to all of it."""
    shown = f"{100 * value:.1f}"
    return f"{100 * value:.3f} %" if shown == "100.0" and value < 1 else f"{shown.removesuffix('.0')} %"


def seconds_of(values: Sequence[float]) -> str:
    """Median and worst for people."""
    if not values:
        return "nothing measured"
    middle, worst = median(values), max(values)
    shown = "not within what was looked at" if middle is None or isinf(middle) else f"{middle:.0f} s"
    last = "did not come about" if isinf(worst) else f"{worst:.0f} s"
    return f"median {shown}, worst {last}"


def _said(
    title: str, tally: Tally, goal_percent: str, answer: Answer, interval: Interval | None, most: int | None
) -> str:
    counted = f"{tally.good} of {tally.count}"
    if interval is not None and interval.low is not None and interval.high is not None:
        counted += f", 95 %: {100 * interval.low:.0f} - {100 * interval.high:.0f} %"
    if answer != "not-enough-runs":
        return f"{title}: {answer} ({counted}; goal {goal_percent} %)"
    enough = f"{tally.count} of {most}" if most is not None else str(tally.count)
    return f"{title}: not enough runs yet, {enough} ({counted}; goal {goal_percent} %)"


def _finite(value: float | None) -> float | None:
    return None if value is None or isinf(value) else rounded(value)
