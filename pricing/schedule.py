"""How often a schedule expression runs in an average month: `rate(...)`, `cron(...)` and `at(...)` as AWS writes them.

A month is a twelfth of a year of 365 days (730 hours) and of 52 weeks. So daily is 365/12, weekly 52/12, fortnightly
26/12: `rate(7 days)` counts as weekly. A cron that names days of the month counts the days that exist (the 31st: 7/12);
one that names days of the week counts 52/12 of each. Years in a cron are ignored, and the one run of `at(...)` counts
for the month it falls in: a budget must hold in the busiest month.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from contract.cron import At, Cron, CronError, Rate, read_schedule
from pricing.clock import judged_on

_DAYS_IN_MONTH: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_PER_MONTH: Final = {"minute": Fraction(730 * 60), "hour": Fraction(730), "day": Fraction(365, 12)}
_WEEKS: Final = Fraction(52, 12)


class ScheduleError(ValueError):
    """A schedule expression that AWS would not accept; the message names it and what is accepted."""


def runs_per_month(expression: str, today: date | None = None) -> Decimal:
    """Average runs a month of a schedule expression; `today` is the day on which prices are judged.

    >>> runs_per_month("rate(1 hour)"), runs_per_month("cron(0 3 1 * ? *)")
    (Decimal('730'), Decimal('1'))

    Raises:
        ScheduleError: the expression is none that AWS accepts, or it never runs.
    """
    try:
        found = read_schedule(expression, today or judged_on())
    except CronError as error:
        raise ScheduleError(str(error)) from error
    runs = Fraction(1) if isinstance(found, At) else _rate_runs(found) if isinstance(found, Rate) else _cron_runs(found)
    return Decimal(runs.numerator) / Decimal(runs.denominator)


def _rate_runs(found: Rate) -> Fraction:
    if found.unit == "day" and found.every % 7 == 0:
        return _WEEKS / (found.every // 7)
    return _PER_MONTH[found.unit] / found.every


def _cron_runs(found: Cron) -> Fraction:
    return _days_a_month(found) * len(found.minutes) * len(found.hours)


def _days_a_month(found: Cron) -> Fraction:
    """Days in an average month. A fifth weekday is 52/12 - 4 times there; the last, or one near a day, is one."""
    months = Fraction(len(found.months), 12)
    if found.weekdays is not None:
        return _WEEKS * len(found.weekdays) * months
    if found.nth is not None:
        return months * (_WEEKS - 4 if found.nth[1] == 5 else 1)
    if found.last_weekday is not None or found.last_day:
        return months
    lengths = [_DAYS_IN_MONTH[month - 1] for month in found.months]
    if found.near is not None:
        return Fraction(sum(found.near <= length for length in lengths), 12)
    if found.days is not None:
        # The 29th of February is a quarter of a day a year; a budget that counts it whole is on the safe side.
        counted = sum(len({day for day in found.days if day <= length}) for length in lengths)
        return Fraction(max(counted, 1), 12)
    return Fraction(sum(lengths), 12)
