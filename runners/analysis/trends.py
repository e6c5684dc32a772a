"""Whether measures become better or worse: said only of what chance does not explain, and of what matters.

Of each series of durations it is asked whether the newest weeks are worse than those before (`weekly.py`). Beside
that each series is searched: for a steady change (Kendall's test, exact under ties) and, from twelve days on, for a
step anywhere. All that is searched for is corrected together (Benjamini and Hochberg). How seldom both may say
something of a workload that does not change is in `levels.py`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isinf
from typing import Final, Literal

from msgspec.structs import replace as with_fields

from runners.analysis.levels import LEVEL, level_of_search
from runners.analysis.model import Trend
from runners.analysis.published import range_of, rounded
from runners.analysis.series import Day, Followed
from runners.analysis.statistics.change_point import ChangePoint, change_point, known_change
from runners.analysis.statistics.false_discovery import benjamini_hochberg
from runners.analysis.statistics.kendall import Trend as Kendall
from runners.analysis.statistics.kendall import kendall
from runners.analysis.statistics.median import median
from runners.analysis.statistics.slope import Slope, theil_sen
from runners.analysis.weekly import Look, dashed, spoken, weekly
from runners.analysis.weekly_model import Weekly

Kind = Literal["not-enough", "none", "trend", "step"]
FEWEST: Final = 6
# Of more days the newest count: the slope looks at every pair of them.
MOST_DAYS: Final = 120
_WEEK: Final = 7


@dataclass(frozen=True)
class _Tested:
    """A series with its tests; None is what could not be tested."""

    followed: Followed
    days: tuple[str, ...]
    values: tuple[float, ...]
    kendall: Kendall | None
    step: ChangePoint | None
    weekly: Weekly | None = None

    @property
    def p_values(self) -> list[float]:
        """Of the tests that were made."""
        trend = None if self.kendall is None else self.kendall.p
        step = None if self.step is None else self.step.p
        return [p for p in (trend, step) if p is not None]

    def day(self, number: int) -> Day:
        """What was measured on one of the days."""
        return self.followed.days[self.days[number]]


def trends(series: Sequence[Followed], look: Look, changed: date | None = None) -> list[Trend]:
    """What is said of each series.

    `changed` is the day of a change that is known: then no other day is looked for, nor is it asked of weeks, and as
    that is asked once it has the whole level.
    """
    day = None if changed is None else f"{changed:%Y%m%d}"
    asked = weekly(series, look) if changed is None else [None] * len(series)
    tested = [replace(_tested(held, day), weekly=answer) for held, answer in zip(series, asked, strict=True)]
    # A look of many has a part of the level; q is corrected for that too.
    times = LEVEL / level_of_search() if changed is None else 1.0
    found = benjamini_hochberg([p for held in tested for p in held.p_values])
    corrected = iter([min(1.0, q * times) for q in found])
    return [_told(held, [next(corrected) for _ in held.p_values]) for held in tested]


def _tested(followed: Followed, changed: str | None) -> _Tested:
    days = tuple(sorted(followed.days)[-MOST_DAYS:])
    values = tuple(followed.days[day].value for day in days)
    if len(values) < FEWEST:
        return _Tested(followed, days, values, None, None)
    step = change_point(values) if changed is None else known_change(values, bisect_left(days, changed))
    return _Tested(followed, days, values, kendall(values), step)


def _told(held: _Tested, corrected: Sequence[float]) -> Trend:
    q = dict(zip(held.p_values, corrected, strict=True))
    steady = held.kendall.p if held.kendall is not None else None
    if held.weekly is not None and held.weekly.answer == "worse":
        return _worse_week(held, held.weekly)
    step, slope = held.step, _slope(held)
    with_step = step is not None and q[step.p] < LEVEL and _step_matters(held, step)
    with_trend = steady is not None and q[steady] < LEVEL and _matters(held, slope)
    if step is not None and with_step and not (with_trend and _fits_better(held, step, slope)):
        return _trend(held, "step", step.p, q[step.p], slope)
    if steady is not None and with_trend:
        return _trend(held, "trend", steady, q[steady], slope)
    least = min(held.p_values, default=None)
    kind: Kind = "not-enough" if len(held.values) < FEWEST else "none"
    return _trend(held, kind, least, None if least is None else q[least], slope)


def _worse_week(held: _Tested, found: Weekly) -> Trend:
    """The step that the weekly question found. It is told whatever else is: somebody can do something about it now."""
    place = bisect_left(held.days, found.since.replace("-", ""))
    return with_fields(
        _trend(replace(held, step=ChangePoint(place, found.p or 0.0)), "step", found.p, found.q, _slope(held)),
        verdict="worse",
        before=found.before,
        after=found.after,
        said=f"{_name(held)}: {found.said}",
    )


def _fits_better(held: _Tested, step: ChangePoint, slope: Slope | None) -> bool:
    """Whether a line is nearer to the values than two levels, by the sum of their distances."""
    if slope is None:
        return False
    moments, seen = _moments(held.days), [value for value in held.values if not isinf(value)]
    first, _ = _line(held, slope)
    before, after = _levels(held, step)
    on_line = [first + slope.value * (at - moments[0]) for at in moments]
    levels = [before if number < step.place else after for number in range(len(held.values))]
    return len(seen) == len(held.values) and _apart(held.values, on_line) < _apart(held.values, levels)


def _apart(values: Sequence[float], others: Sequence[float]) -> float:
    return sum(abs(value - other) for value, other in zip(values, others, strict=True))


def _slope(held: _Tested) -> Slope | None:
    """A day's change, of the values that came about."""
    seen = [(number, value) for number, value in zip(_moments(held.days), held.values, strict=True) if not isinf(value)]
    if len(seen) < FEWEST:
        return None
    return theil_sen([moment for moment, _ in seen], [value for _, value in seen])


def _matters(held: _Tested, slope: Slope | None) -> bool:
    """Whether the change over the whole time is beyond the threshold; of what never came about nobody can tell."""
    if slope is None:
        return True
    moments = _moments(held.days)
    return abs(slope.value * (moments[-1] - moments[0])) > held.followed.threshold


def _step_matters(held: _Tested, step: ChangePoint) -> bool:
    before, after = _levels(held, step)
    return isinf(before) != isinf(after) or abs(after - before) > held.followed.threshold


def _levels(held: _Tested, step: ChangePoint) -> tuple[float, float]:
    return median(held.values[: step.place]) or 0.0, median(held.values[step.place :]) or 0.0


def _moments(days: Sequence[str]) -> list[float]:
    return [float(date(int(day[:4]), int(day[4:6]), int(day[6:])).toordinal()) for day in days]


def _trend(
    held: _Tested,
    kind: Kind,
    p: float | None,
    q: float | None,
    slope: Slope | None,
) -> Trend:
    followed, step = held.followed, held.step if kind == "step" else None
    before, after = _ends(held, kind, slope)
    verdict = _verdict(followed, kind, before, after, held.kendall)
    return Trend(
        measure=followed.measure,
        of=followed.of,
        kind=kind,
        better=followed.better,
        verdict=verdict,
        count=len(held.values),
        needed=FEWEST,
        p=p,
        q=q,
        tau=None if held.kendall is None else held.kendall.tau,
        slope_per_week=None if slope is None else rounded(slope.value * _WEEK),
        slope_interval=None if slope is None else range_of(slope.interval, _WEEK),
        threshold=rounded(followed.threshold),
        before=None if before is None or isinf(before) else rounded(before),
        after=None if after is None or isinf(after) else rounded(after),
        changed_on=None if step is None else dashed(held.days[step.place]),
        revision=None if step is None else _revision(held, step),
        runs=tuple(run for number in range(len(held.days)) for run in held.day(number).runs),
        said=_said(held, kind, verdict, before, after, q),
        weekly=held.weekly,
    )


def _ends(held: _Tested, kind: str, slope: Slope | None) -> tuple[float | None, float | None]:
    """The levels before and after a step; of a trend the ends of its line through the middle of the values."""
    if kind == "step" and held.step is not None:
        return _levels(held, held.step)
    if kind != "trend" or slope is None:
        return None, None
    return _line(held, slope)


def _line(held: _Tested, slope: Slope) -> tuple[float, float]:
    """Where the line with this slope through the middle of the values begins and ends."""
    moments = _moments(held.days)
    middle = median([value - slope.value * (at - moments[0]) for at, value in zip(moments, held.values, strict=True)])
    first = middle or 0.0
    return first, first + slope.value * (moments[-1] - moments[0])


def _verdict(
    followed: Followed, kind: str, before: float | None, after: float | None, found: Kendall | None
) -> Literal["better", "worse"] | None:
    if kind not in ("trend", "step"):
        return None
    rises = found is not None and found.s > 0
    if before is not None and after is not None:
        rises = after > before
    return "better" if rises == (followed.better == "more") else "worse"


def _revision(held: _Tested, step: ChangePoint) -> str | None:
    """What ran first at the new level, if it is another than before."""
    found = held.day(step.place).revision
    return None if step.place and found == held.day(step.place - 1).revision else found


def _said(
    held: _Tested, kind: str, verdict: str | None, before: float | None, after: float | None, q: float | None
) -> str:
    name = _name(held)
    if kind == "not-enough":
        return f"{name}: not enough yet, {len(held.values)} of {FEWEST} days"
    if verdict is None or q is None:
        return f"{name}: no change shown over {len(held.values)} days"
    levels = f"from {spoken(before)} to {spoken(after)}" if before is not None else "steadily"
    if kind == "step" and held.step is not None:
        return f"{name}: {verdict} since {dashed(held.days[held.step.place])}, {levels} (q = {q:.3f})"
    return f"{name}: {verdict} over {len(held.values)} days, {levels} (q = {q:.3f})"


def _name(held: _Tested) -> str:
    return f"{held.followed.of}: {held.followed.measure}"
