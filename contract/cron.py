"""Schedule expressions as AWS takes them: `cron(...)` of six fields, `rate(...)` and `at(...)`. One grammar for all.

What AWS would refuse, and what would never run, is refused here, so that it is known before anything is created.

Sources: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html and
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
WEEKDAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
ACCEPTED: Final = (
    "accepted are rate(1 day), rate(N minutes|hours|days), cron(minute hour day month weekday year) with ? for one of "
    "the two days, and at(YYYY-MM-DDThh:mm:ss)"
)
MINUTES: Final = {"minute": 1, "hour": 60, "day": 24 * 60}
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_RATE: Final = re.compile(r"rate\(([1-9][0-9]*) (minute|hour|day)(s?)\)")
_CRON: Final = re.compile(r"cron\(\s*(.*?)\s*\)")
_AT: Final = re.compile(r"at\(([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)\)")
_PART: Final = re.compile(r"(\*|\w+)(?:-(\w+))?(?:/(\w+))?", re.ASCII)
_NEAR: Final = re.compile(r"(\w+)W", re.ASCII)
_NTH: Final = re.compile(r"(\w+)#([1-5])", re.ASCII)
_LAST: Final = re.compile(r"(\w+)L", re.ASCII)
# Leap years come back within eight years, also around one such as 2100.
DAYS_AHEAD: Final = 8 * 366


class CronError(ValueError):
    """A schedule expression that AWS would not take, or that would never run; the message says why."""


@dataclass(frozen=True)
class Rate:
    """Every so many minutes, hours or days, from when it is made."""

    every: int
    unit: str

    def shortest_gap(self) -> int:
        """Minutes between two runs."""
        return self.every * MINUTES[self.unit]

    def longest_gap(self, _: date) -> timedelta:
        """The longest time between two runs."""
        return timedelta(minutes=self.shortest_gap())


@dataclass(frozen=True)
class At:
    """Once, in the time zone of the schedule."""

    moment: datetime


@dataclass(frozen=True, kw_only=True)
class Cron:
    """Which values each field names. Weekdays count from 1, which is Sunday; `years` of None is every year.

    Days are named in one way only: by `days`, the last (working) day, a working day near one, `weekdays`, the n-th of a
    weekday, or the last of one. Where none is, it is every day.
    """

    minutes: frozenset[int]
    hours: frozenset[int]
    months: frozenset[int]
    years: frozenset[int] | None = None
    days: frozenset[int] | None = None
    last_day: str = ""
    near: int | None = None
    weekdays: frozenset[int] | None = None
    nth: tuple[int, int] | None = None
    last_weekday: int | None = None

    def shortest_gap(self) -> int:
        """Minutes between two runs on one day, or on two days in a row, where they are closest."""
        starts = sorted(hour * 60 + minute for hour in self.hours for minute in self.minutes)
        following = [*starts[1:], starts[0] + MINUTES["day"]]
        return min(later - earlier for earlier, later in zip(starts, following, strict=True))

    def longest_gap(self, today: date) -> timedelta:
        """The longest time between two days on which it runs, from today on; within a day it runs more often."""
        gaps = (later - earlier for earlier, later in pairwise(self.dates(today)))
        return max(gaps, default=timedelta.max)

    def dates(self, today: date) -> Iterator[date]:
        """The days on which it runs, from today on, for as long as they can differ."""
        first = today
        if self.years is not None:
            coming = [year for year in self.years if year >= today.year]
            if not coming:
                return
            first = max(today, date(min(coming), 1, 1))
        for ahead in range(DAYS_AHEAD):
            day = first + timedelta(days=ahead)
            if self.runs_on(day):
                yield day

    def runs_on(self, day: date) -> bool:
        """Whether it runs on that day."""
        if day.month not in self.months or (self.years is not None and day.year not in self.years):
            return False
        last, weekday = calendar.monthrange(day.year, day.month)[1], day.isoweekday() % 7 + 1
        if self.days is not None:
            return day.day in self.days
        if self.last_day:
            return day.day == (last if self.last_day == "L" else _working_day(day.replace(day=last)))
        if self.near is not None:
            return self.near <= last and day.day == _working_day(day.replace(day=self.near))
        if self.weekdays is not None:
            return weekday in self.weekdays
        if self.nth is not None:
            return (weekday, (day.day - 1) // 7 + 1) == self.nth
        return self.last_weekday is None or (weekday == self.last_weekday and day.day + 7 > last)


def read_schedule(expression: str, today: date | None = None) -> Rate | Cron | At:
    """What an expression says. With `today`, one that will never run again is refused as well.

    Raises:
        CronError: AWS would not take it, or it never runs.
    """
    text = expression.strip()
    if match := _RATE.fullmatch(text):
        if (match[1] == "1") == bool(match[3]):
            msg = f"schedule {text!r}: AWS wants `1 {match[2]}`, and `{match[2]}s` from two on"
            raise CronError(msg)
        return Rate(int(match[1]), match[2])
    if match := _AT.fullmatch(text):
        try:
            return At(datetime.fromisoformat(match[1]))
        except ValueError as error:
            msg = f"schedule {text!r}: {error}; {ACCEPTED}"
            raise CronError(msg) from error
    if not (match := _CRON.fullmatch(text)):
        zero = "; the number must be 1 or more" if text.startswith("rate(0") else ""
        msg = f"schedule {text!r} is not valid{zero}; {ACCEPTED}"
        raise CronError(msg)
    try:
        found = _cron(match[1].upper().split())
    except ValueError as error:
        msg = f"schedule {text!r}: {error}; {ACCEPTED}"
        raise CronError(msg) from error
    _check_that_it_runs(found, text, today)
    return found


def _check_that_it_runs(found: Cron, text: str, today: date | None) -> None:
    since = today or date(_FIRST_YEAR, 1, 1)
    if found.years is not None and max(found.years) < since.year:
        msg = f"schedule {text!r}: all of its years are over, so it would never run"
        raise CronError(msg)
    if next(found.dates(since), None) is None:
        msg = f"schedule {text!r} names no day that exists and is still to come, so it would never run"
        raise CronError(msg)


def field_values(field: str, low: int, high: int, names: Sequence[str] = (), *, plain: bool = False) -> frozenset[int]:
    """The values of one field. `plain` is the cron of mute rules: no steps, and no range over the end.

    Raises:
        CronError: a part of it is none, or out of bounds.
    """
    size, found = high - low + 1, set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None or (match[1] == "*" and match[2]) or (plain and match[3]):
            msg = f"{part!r} is no part of a cron"
            raise CronError(msg)
        every = match[1] == "*"
        first = low if every else _number(match[1], low, high, names)
        last = _number(match[2], low, high, names) if match[2] else high if every or match[3] else first
        step = _number(match[3], 1, high, ()) if match[3] else 1
        if last < first and plain:
            msg = f"{part!r} ends before it begins"
            raise CronError(msg)
        # FRI-MON goes over the end of the week.
        reach = last + size if last < first else last
        found |= {low + (value - low) % size for value in range(first, reach + 1, step)}
    return frozenset(found)


def _cron(fields: list[str]) -> Cron:
    if len(fields) != 6:
        msg = f"it has {len(fields)} fields"
        raise CronError(msg)
    minute, hour, day, month, weekday, year = fields
    if "?" in (minute, hour, month, year):
        msg = "? stands for a day only"
        raise CronError(msg)
    if (day == "?") == (weekday == "?"):
        msg = (
            "day and weekday cannot both be given, one must be ?" if day != "?" else "one of the two days must be given"
        )
        raise CronError(msg)
    found = _weekday(weekday) if day == "?" else _day(day)
    return Cron(
        minutes=field_values(minute, 0, 59),
        hours=field_values(hour, 0, 23),
        months=field_values(month, 1, 12, MONTHS),
        years=None if year == "*" else field_values(year, _FIRST_YEAR, _LAST_YEAR),
        days=found.days,
        last_day=found.last_day,
        near=found.near,
        weekdays=found.weekdays,
        nth=found.nth,
        last_weekday=found.last_weekday,
    )


@dataclass(frozen=True, kw_only=True)
class _Days:
    days: frozenset[int] | None = None
    last_day: str = ""
    near: int | None = None
    weekdays: frozenset[int] | None = None
    nth: tuple[int, int] | None = None
    last_weekday: int | None = None


def _day(field: str) -> _Days:
    if field in ("L", "LW"):
        return _Days(last_day=field)
    if match := _NEAR.fullmatch(field):
        return _Days(near=_number(match[1], 1, 31, ()))
    return _Days() if field == "*" else _Days(days=field_values(field, 1, 31))


def _weekday(field: str) -> _Days:
    if match := _NTH.fullmatch(field):
        return _Days(nth=(_number(match[1], 1, 7, WEEKDAYS), int(match[2])))
    if field == "L":
        return _Days(weekdays=frozenset({7}))
    if match := _LAST.fullmatch(field):
        return _Days(last_weekday=_number(match[1], 1, 7, WEEKDAYS))
    return _Days() if field == "*" else _Days(weekdays=field_values(field, 1, 7, WEEKDAYS))


def _number(text: str, low: int, high: int, names: Sequence[str]) -> int:
    value = names.index(text) + low if text in names else int(text) if text.isdigit() and text.isascii() else -1
    if not low <= value <= high:
        msg = f"{text!r} is not between {low} and {high}"
        raise CronError(msg)
    return value


def _working_day(day: date) -> int:
    """The day from Monday to Friday that is nearest, in the same month."""
    last = calendar.monthrange(day.year, day.month)[1]
    if day.isoweekday() == 6:
        return day.day - 1 if day.day > 1 else day.day + 2
    if day.isoweekday() == 7:
        return day.day + 1 if day.day < last else day.day - 2
    return day.day
