"""Whether the newest weeks are worse than the weeks before: one question, planned before the numbers are there.

It is asked once a week, of whole weeks from Monday to Sunday (UTC): whoever looks on each day of a week is told the
same. It is asked of durations alone, for the worse alone, and of few splits, so that few values can answer it: the test
is the exact permutation of ranks, which one run in twenty that takes three times as long does not mislead. What a look
may say falsely is in `levels.py`; it is shared among the measures that can tell anything, by how many days they have.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import comb, isinf
from typing import Final

from runners.analysis.levels import FEWEST_BEFORE, LEVEL, LOOKS, SHARES, level_of_question
from runners.analysis.published import rounded
from runners.analysis.series import DETECTION, DRILL, RECOVERY, Followed
from runners.analysis.statistics.false_discovery import that_can_tell
from runners.analysis.statistics.median import median
from runners.analysis.statistics.two_samples import Higher, higher_after
from runners.analysis.weekly_model import Answer, Weekly
from runners.runs.run_folder import name_at, run_began

# Where not all can tell, these come first: what users waited for, then what the team did.
ASKED: Final = (RECOVERY, DETECTION, DRILL)
_WEEK: Final = timedelta(weeks=1)
_DAYS: Final = 7
_LEAST_SPOKEN: Final = 0.0001


@dataclass(frozen=True)
class Look:
    """The whole weeks that are there, as Mondays: where the first begins, where the last ends, and the oldest run's."""

    start: date
    end: date
    oldest: date

    @classmethod
    def at(cls, now: datetime, since: datetime, oldest: str) -> Look:
        """A look at the runs from `since` on. `oldest` is the name of the oldest run that is known at all."""
        began, start = _monday(run_began(oldest).date()), _monday(since.astimezone(UTC).date())
        # A week of which runs were left out is not whole.
        if oldest < name_at(since) and name_at(since) > f"{start:%Y%m%d}-000000":
            start += _WEEK
        return cls(max(start, began), _monday(now.astimezone(UTC).date()), began)


@dataclass(frozen=True, kw_only=True)
class _Split:
    """The newest weeks of one measure, and what was before.

    `week` is the first of their Mondays, `since` the first day (YYYYMMDD), `later` whether it is not their first.
    """

    newest: int
    week: date
    weeks: int
    since: str
    later: bool
    before: tuple[float, ...]
    after: tuple[float, ...]

    @property
    def levels(self) -> tuple[float, float]:
        """The medians before and after."""
        return median(self.before) or 0.0, median(self.after) or 0.0

    def matters(self, threshold: float) -> bool:
        """Whether it is worse by more than that; of what no longer comes about nobody doubts it."""
        before, after = self.levels
        return not isinf(before) and after - before > threshold


def weekly(series: Sequence[Followed], look: Look) -> list[Weekly | None]:
    """The answer for each series; None for those of which it is not asked.

    Of several splits that show a series to be worse, that which chance explains least is told. What a question cannot
    spend of its level, as the p of few values has steps, is left to the next ones: how much it is follows from the
    values alone, not from their order.
    """
    asked = sorted((at for at, held in enumerate(series) if held.measure in ASKED), key=lambda at: _order(series[at]))
    found: list[Weekly | None] = [None] * len(series)
    left, questions = 0.0, [newest for newest in SHARES if _old_enough(look, newest)]
    for newest in SHARES:
        splits = [(at, split) for at in asked for split in _splits(series[at], look, newest)]
        thresholds = [series[at].threshold for at, _ in splits]
        more = left / len(questions[questions.index(newest) :]) if newest in questions else 0.0
        answers, unspent = _answers([split for _, split in splits], thresholds, look, more)
        left += unspent - more
        for (at, _), answer in zip(splits, answers, strict=True):
            told = found[at]
            if told is None or (answer.answer == "worse" and _less_by_chance(answer, told)):
                found[at] = answer
    return found


def _order(held: Followed) -> tuple[int, str]:
    return ASKED.index(held.measure), held.of


def _less_by_chance(answer: Weekly, than: Weekly) -> bool:
    return than.answer != "worse" or (answer.q or 0.0) < (than.q or 0.0)


def _old_enough(look: Look, newest: int) -> bool:
    return look.end - newest * _WEEK - look.start >= FEWEST_BEFORE * _WEEK


def _answers(
    splits: Sequence[_Split], thresholds: Sequence[float], look: Look, more: float
) -> tuple[list[Weekly], float]:
    """The answers to one question, at its level and so much more, and what of that it could not spend."""
    if not splits or not _old_enough(look, splits[0].newest):
        return [_weekly(split, "not-enough", said=_too_young(split)) for split in splits], 0.0
    level = more + level_of_question(splits[0].newest, (splits[0].week - look.oldest).days // _DAYS)
    tests = [higher_after(split.before, split.after) for split in splits]
    can = that_can_tell([2.0 if test is None else test.least for test in tests], level)
    # Each of those that can tell has an equal share, and the stated level stands to it as q to p.
    times = LEVEL * len(can) / level
    spent = sum(test.chance_within(level / len(can)) for at, test in enumerate(tests) if test is not None and at in can)
    answers = [
        _tested(split, test, times, threshold)
        if test is not None and at in can
        else _too_few(split, level / (len(can) + 1))
        for at, (split, test, threshold) in enumerate(zip(splits, tests, thresholds, strict=True))
    ]
    return answers, level - spent


def _splits(held: Followed, look: Look, newest: int) -> list[_Split]:
    """The whole newest weeks; of one alone also from each of its days on, on which a change may have come."""
    week = look.end - newest * _WEEK
    first = max(look.start, week - (LOOKS - newest) * _WEEK)
    begin, days = f"{week:%Y%m%d}", sorted(held.days)
    days = days[bisect_left(days, f"{first:%Y%m%d}") : bisect_left(days, f"{look.end:%Y%m%d}")]
    place = bisect_left(days, begin)
    places = [place] if newest > 1 else [place, *_changed(held, days, place)]
    values, weeks = [held.days[day].value for day in days], max(0, (week - first).days // _DAYS)
    return [
        _Split(
            newest=newest,
            week=week,
            weeks=weeks,
            since=days[at] if at < len(days) else begin,
            later=at > place,
            before=tuple(values[:at]),
            after=tuple(values[at:]),
        )
        for at in places
    ]


def _changed(held: Followed, days: Sequence[str], place: int) -> list[int]:
    """The later days before which something was deployed, as far as records tell: else any of them."""
    revisions = [held.days[day].revision for day in days]
    return [at for at in range(place + 1, len(days)) if revisions[at] is None or revisions[at] != revisions[at - 1]]


def _tested(split: _Split, test: Higher, times: float, threshold: float) -> Weekly:
    q = min(1.0, test.p * times)
    worse = q <= LEVEL and split.matters(threshold)
    before, after = split.levels
    against = f"{len(split.after)} days against {len(split.before)}, {chance(test.p)}"
    if worse:
        said = f"{_weeks(split)} worse than the {split.weeks} weeks before: from {spoken(before)} to {spoken(after)}"
    else:
        said = f"{_weeks(split)} not shown to be worse than the {split.weeks} weeks before"
    return _weekly(split, "worse" if worse else "not-shown", test.p, q, f"{said} ({against})")


def _too_young(split: _Split) -> str:
    return f"not enough yet, {split.weeks} of {FEWEST_BEFORE} whole weeks before the {_named(split)}"


def _too_few(split: _Split, level: float) -> Weekly:
    """What cannot be told, and with how many days in these weeks it could, against as many before."""
    before, after = len(split.before), len(split.after)
    fits = (days for days in range(1, split.newest * _DAYS + 1) if comb(before + days, days) * level >= 1)
    needed = next(fits, None)
    if needed is None:
        said = f"not enough yet before the {_named(split)}: {before} day{'s' * (before != 1)}"
    elif after < needed:
        said = f"not enough yet, {after} of {needed} days in the {_named(split)}"
    else:
        said = f"not enough yet, too many days of or before the {_named(split)} are alike"
    return _weekly(split, "not-enough", said=said, needed=needed)


def _weekly(
    split: _Split,
    answer: Answer,
    p: float | None = None,
    q: float | None = None,
    said: str = "",
    needed: int | None = None,
) -> Weekly:
    before, after = split.levels
    return Weekly(
        answer=answer,
        week=split.week.isoformat(),
        weeks=split.newest,
        since=dashed(split.since),
        weeks_before=split.weeks,
        count=len(split.after),
        count_before=len(split.before),
        needed=needed,
        before=_finite(before, split.before),
        after=_finite(after, split.after),
        p=p,
        q=q,
        said=said,
    )


def _finite(level: float, of: Sequence[float]) -> float | None:
    return None if not of or isinf(level) else rounded(level)


def chance(p: float) -> str:
    """A p in words."""
    return "p < 0.0001" if p < _LEAST_SPOKEN else f"p = {p:.4f}"


def spoken(level: float | None) -> str:
    """A level in words; what did not come about has none."""
    return "not at all" if level is None or isinf(level) else f"{level:.0f}"


def _named(split: _Split) -> str:
    if split.newest > 1:
        return f"{split.newest} weeks from {split.week} on"
    return f"week of {split.week}" + (f" from {dashed(split.since)} on" if split.later else "")


def dashed(day: str) -> str:
    """YYYY-MM-DD of YYYYMMDD."""
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"


def _weeks(split: _Split) -> str:
    return f"{_named(split)} {'is' if split.newest == 1 else 'are'}"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
