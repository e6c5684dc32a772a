"""Which design of an alarm would have served better, on the same faults and the same quiet days.

A design is named only when it does better by more than chance: it tells faults that the alarm missed, rings less often
without one, or tells them sooner, in this order, and is not worse in what comes before.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Literal

from runners.analysis.alerts.comparison_model import AlarmDesigns, DesignResult
from runners.analysis.alerts.designs import Design
from runners.analysis.published import range_of, rounded
from runners.analysis.records import ChaosRecord
from runners.analysis.statistics.median import FEWEST, median, median_interval
from runners.analysis.statistics.proportion import wilson

# An alarm may ring for a fault until so long after it.
GRACE: Final = timedelta(minutes=5)
FEWEST_QUIET_DAYS: Final = 7.0
_LEVEL: Final = 0.05
_DAY: Final = 86_400
Because = Literal["detects-more", "fewer-false-alarms", "sooner"]


@dataclass(frozen=True)
class Window:
    """When a fault was there, and whether the alarm is to tell it."""

    begin: datetime
    lifted: datetime
    end: datetime
    expected: bool


@dataclass(frozen=True)
class _Told:
    """What a design did: seconds until it told each fault, None for one that it didn't; nothing if it rang before."""

    design: Design
    seconds: dict[datetime, float | None]
    resets: list[float]
    false_alarms: int


def windows(records: Sequence[ChaosRecord], alarm: str) -> list[Window]:
    """The faults of runs that say something, the oldest first."""
    found = []
    for record in records:
        begin, alerts = record.times.injected, record.alerts
        if begin is None or not record.says_something:
            continue
        lifted = record.times.lifted or begin
        recovered = begin + timedelta(seconds=record.kpis.recovered_after_seconds or record.looked_seconds or 0)
        expected = alerts is not None and alarm in (*alerts.fired, *alerts.missed)
        found.append(Window(begin, lifted, max(lifted, recovered) + GRACE, expected))
    return sorted(found, key=lambda window: window.begin)


def quiet_days(faults: Sequence[Window], begin: datetime, end: datetime) -> float:
    """Days in which no fault was near."""
    taken, until = 0.0, begin
    for window in faults:
        first, last = max(window.begin, until), min(window.end, end)
        taken += max(0.0, (last - first).total_seconds())
        until = max(until, last)
    return ((end - begin).total_seconds() - taken) / _DAY


def compare(
    alarm: str, held: Sequence[Design], faults: Sequence[Window], begin: datetime, period: timedelta
) -> AlarmDesigns:
    """What each design would have done from `begin` on; the first is the alarm as it is."""
    told = [_told(design, faults, begin, period) for design in held]
    days = quiet_days(faults, begin, begin + period * len(held[0].rings)) if held else 0.0
    results = tuple(_result(one, days) for one in told)
    enough = len(told[0].seconds) >= FEWEST and days >= FEWEST_QUIET_DAYS
    best = max((found for one in told[1:] if (found := _better(told[0], one, len(told) - 1))), key=_rank, default=None)
    if best is None or not enough:
        answer: Literal["none-better", "not-enough-runs"] = "none-better" if enough else "not-enough-runs"
        said = _undecided(alarm, answer, len(told[0].seconds), days)
        return AlarmDesigns(
            alarm=alarm,
            answer=answer,
            better=None,
            because=None,
            p=None,
            adds_usd_per_month=None,
            designs=results,
            said=said,
        )
    one, because, p = best
    adds = one.design.usd - told[0].design.usd
    return AlarmDesigns(
        alarm=alarm,
        answer="better",
        better=one.design.name,
        because=because,
        p=rounded(p),
        adds_usd_per_month=str(adds),
        designs=results,
        said=f"{alarm}: {one.design.name} ({one.design.what}) would have served better: {because}; {_adds(adds)}",
    )


def _told(design: Design, faults: Sequence[Window], begin: datetime, period: timedelta) -> _Told:
    """Goes through the times at which it began to ring, and through the faults, side by side."""
    rings = _spans(design.rings, begin, period)
    seconds: dict[datetime, float | None] = {}
    resets = []
    for window in faults:
        over = any(first < window.begin < last for first, last in rings)
        if not window.expected or over:
            continue
        own = [(first, last) for first, last in rings if window.begin <= first <= window.end]
        seconds[window.begin] = (own[0][0] - window.begin).total_seconds() if own else None
        if own:
            resets.append(max(0.0, (own[-1][1] - window.lifted).total_seconds()))
    near = [(window.begin, window.end) for window in faults]
    false_alarms = sum(not any(begin <= first <= end for begin, end in near) for first, _ in rings)
    return _Told(design, seconds, resets, false_alarms)


def _spans(rings: Sequence[bool], begin: datetime, period: timedelta) -> list[tuple[datetime, datetime]]:
    """From when until when it rang; a state is known when its period is over."""
    found: list[tuple[datetime, datetime]] = []
    since: datetime | None = None
    for number, on in enumerate([*rings, False], 1):
        at = begin + period * number
        if on and since is None:
            since = at
        elif not on and since is not None:
            found.append((since, at))
            since = None
    return found


def _result(one: _Told, days: float) -> DesignResult:
    seen = [seconds for seconds in one.seconds.values() if seconds is not None]
    middle, reset = median(seen), median(one.resets)
    return DesignResult(
        design=one.design.name,
        what=one.design.what,
        faults=len(one.seconds),
        detected=len(seen),
        detected_interval=range_of(wilson(len(seen), len(one.seconds)), 100),
        detection_seconds=None if middle is None else rounded(middle),
        detection_interval=range_of(median_interval(seen)),
        reset_seconds=None if reset is None else rounded(reset),
        false_alarms=one.false_alarms,
        false_alarms_a_week=rounded(one.false_alarms / days * 7) if days >= FEWEST_QUIET_DAYS else None,
        usd_per_month=str(one.design.usd),
    )


def _better(now: _Told, other: _Told, tried: int) -> tuple[_Told, Because, float] | None:
    """What the other does better than chance explains; None when nothing, or when it is worse in what matters more.

    `tried` is how many others there are: the chance is counted that one of them all is as much better (Bonferroni).
    """

    def shown(more: int, fewer: int) -> float | None:
        p = min(1.0, sign_test(more, fewer) * tried)
        return p if more > fewer and p < _LEVEL else None

    both = [(now.seconds[at], other.seconds[at]) for at in now.seconds if at in other.seconds]
    gained = sum(before is None and after is not None for before, after in both)
    lost = sum(before is not None and after is None for before, after in both)
    if lost > gained:
        return None
    if (p := shown(gained, lost)) is not None:
        return other, "detects-more", p
    if (p := shown(now.false_alarms, other.false_alarms)) is not None:
        return other, "fewer-false-alarms", p
    if other.false_alarms > now.false_alarms:
        return None
    timed = [(before, after) for before, after in both if before is not None and after is not None]
    sooner, later = (sum(after < before for before, after in timed), sum(after > before for before, after in timed))
    p = shown(sooner, later)
    return None if p is None else (other, "sooner", p)


def sign_test(more: int, fewer: int) -> float:
    """Two-sided chance of so uneven a split of pairs that differ, if either were as likely; exact."""
    count, least = more + fewer, min(more, fewer)
    tail: float = sum(math.comb(count, number) for number in range(least + 1)) / 2**count
    return min(1.0, 2 * tail)


def _rank(found: tuple[_Told, Because, float]) -> tuple[int, int, int, Decimal]:
    one, because, _ = found
    order: dict[Because, int] = {"detects-more": 2, "fewer-false-alarms": 1, "sooner": 0}
    detected = sum(seconds is not None for seconds in one.seconds.values())
    return order[because], detected, -one.false_alarms, -one.design.usd


def _undecided(alarm: str, answer: str, faults: int, days: float) -> str:
    if answer == "none-better":
        return f"{alarm}: no other design is shown to be better over {faults} faults and {days:.0f} quiet days"
    enough = f"{faults} of {FEWEST} faults, {days:.0f} of {FEWEST_QUIET_DAYS:.0f} quiet days"
    return f"{alarm}: not enough yet to compare designs, {enough}"


def _adds(usd: Decimal) -> str:
    if usd == 0:
        return "at the same price"
    return f"it {'adds' if usd > 0 else 'saves'} {abs(usd):.2f} USD a month"
