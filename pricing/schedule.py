"""How often a schedule expression runs in an average month: `rate(...)`, `cron(...)` and `at(...)` as AWS writes them.

A month is a twelfth of a year of 365 days (730 hours) and of 52 weeks. So daily is 365/12, weekly 52/12, fortnightly
26/12: `rate(7 days)` counts as weekly. A cron that names days of the month counts the days that exist (the 31st: 7/12);
one that names days of the week counts 52/12 of each. Years in a cron are ignored, and the one run of `at(...)` counts
for the month it falls in: a budget must hold in the busiest month.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

_DAYS_IN_MONTH: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MONTHS: Final = {
    "JAN": 1, "FEB": 2, "MAR": 3, "APR": 4, "MAY": 5, "JUN": 6,
    "JUL": 7, "AUG": 8, "SEP": 9, "OCT": 10, "NOV": 11, "DEC": 12,
}  # fmt: skip
_WEEKDAYS: Final = {"SUN": 1, "MON": 2, "TUE": 3, "WED": 4, "THU": 5, "FRI": 6, "SAT": 7}
_PER_MONTH: Final = {"minute": Fraction(730 * 60), "hour": Fraction(730), "day": Fraction(365, 12)}
_WEEKS: Final = Fraction(52, 12)
_RATE: Final = re.compile(r"rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)", re.ASCII)
_CRON: Final = re.compile(r"cron\(\s*(.*?)\s*\)")
_AT: Final = re.compile(r"at\(\s*\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?\s*\)", re.ASCII)
_ACCEPTED: Final = "accepted are rate(N minutes|hours|days), cron(minute hour day month weekday year) and at(TIME)"


class ScheduleError(ValueError):
    """A schedule expression that AWS would not accept; the message names it and what is accepted."""


def runs_per_month(expression: str) -> Decimal:
    """Average runs a month of a schedule expression.

    >>> runs_per_month("rate(1 hour)"), runs_per_month("cron(0 3 1 * ? *)")
    (Decimal('730'), Decimal('1'))

    Raises:
        ScheduleError: the expression is none that AWS accepts.
    """
    text = expression.strip()
    if match := _RATE.fullmatch(text):
        runs = _rate_runs(int(match[1]), match[2], text)
    elif match := _CRON.fullmatch(text):
        runs = _cron_runs(match[1].upper().split(), text)
    elif _AT.fullmatch(text):
        runs = Fraction(1)
    else:
        msg = f"schedule {text!r} is not valid; {_ACCEPTED}"
        raise ScheduleError(msg)
    return Decimal(runs.numerator) / Decimal(runs.denominator)


def _rate_runs(every: int, unit: str, text: str) -> Fraction:
    if every == 0:
        msg = f"schedule {text!r} never runs again; the number must be 1 or more"
        raise ScheduleError(msg)
    if unit == "day" and every % 7 == 0:
        return _WEEKS / (every // 7)
    return _PER_MONTH[unit] / every


def _cron_runs(fields: list[str], text: str) -> Fraction:
    if len(fields) != 6:
        msg = f"schedule {text!r} has {len(fields)} fields; {_ACCEPTED}"
        raise ScheduleError(msg)
    minute, hour, day, month, weekday, _year = fields
    try:
        minutes = _values(minute, 0, 59, {})
        hours = _values(hour, 0, 23, {})
        months = _values(month, 1, 12, _MONTHS)
        days = _days_a_month(day, weekday, months)
    except ValueError as error:
        msg = f"schedule {text!r}: {error}; {_ACCEPTED}"
        raise ScheduleError(msg) from error
    return days * len(minutes) * len(hours)


def _days_a_month(day: str, weekday: str, months: set[int]) -> Fraction:
    if day not in ("*", "?"):
        if weekday not in ("*", "?"):
            msg = "day and weekday cannot both be given, one must be ?"
            raise ValueError(msg)
        return Fraction(sum(len(_month_days(day, month)) for month in months), 12)
    if weekday not in ("*", "?"):
        return _weekdays_a_month(weekday) * Fraction(len(months), 12)
    return Fraction(sum(_DAYS_IN_MONTH[m - 1] for m in months), 12)


def _month_days(field: str, month: int) -> set[int]:
    """The days of one month that the day field names; L and W count as one day near the one they name."""
    last = _DAYS_IN_MONTH[month - 1]
    days: set[int] = set()
    for part in field.split(","):
        if part in ("L", "LW"):
            days.add(last)
        elif part.endswith("W"):
            days.add(min(_number(part[:-1], 1, 31, {}), last))
        else:
            days |= {value for value in _values(part, 1, 31, {}) if value <= last}
    return days


def _weekdays_a_month(field: str) -> Fraction:
    """Runs a month of a weekday field: 52/12 for each weekday, once for `2#1` and `6L`, 52/12 - 4 for a fifth one."""
    weekly: set[int] = set()
    once = Fraction(0)
    for part in field.split(","):
        if match := re.fullmatch(r"(\w+)#([1-5])", part):
            _values(match[1], 1, 7, _WEEKDAYS)
            once += 1 if match[2] != "5" else _WEEKS - 4
        elif match := re.fullmatch(r"(\w+)L", part):
            _values(match[1], 1, 7, _WEEKDAYS)
            once += 1
        elif part == "L":
            weekly.add(7)
        else:
            weekly |= _values(part, 1, 7, _WEEKDAYS)
    return _WEEKS * len(weekly) + once


def _values(field: str, low: int, high: int, names: Mapping[str, int]) -> set[int]:
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        start = low if first in ("*", "?") else _number(first, low, high, names)
        open_end = high if step or first in ("*", "?") else start
        end = _number(last, low, high, names) if dash else open_end
        stride = _number(step, 1, high, {}) if "/" in part else 1
        if end < start:  # FRI-MON wraps around the week
            end += high - low + 1
        found |= {low + (value - low) % (high - low + 1) for value in range(start, end + 1, stride)}
    return found


def _number(text: str, low: int, high: int, names: Mapping[str, int]) -> int:
    value = names.get(text, int(text) if text.isascii() and text.isdigit() else -1)
    if not low <= value <= high:
        msg = f"{text!r} is not between {low} and {high}"
        raise ValueError(msg)
    return value
