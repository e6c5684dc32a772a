"""CloudWatch's mute rules: when they hold notifications back. Pure.

Source of the syntax: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Schedule.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from contract.cron import DAYS_AHEAD, MONTHS, WEEKDAYS, field_values

_CRON: Final = re.compile(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+)\)")
_AT: Final = re.compile(r"at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2})\)", re.ASCII)
_DURATION: Final = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", re.ASCII)


class MuteRuleError(ValueError):
    """A mute rule whose schedule is not understood."""


@dataclass(frozen=True, kw_only=True)
class MuteWindow:
    """Notifications are held back from `first` until `last`, in UTC."""

    first: datetime
    last: datetime

    def covers(self, first: datetime, last: datetime) -> bool:
        """Whether all of that time is muted."""
        return self.first <= first and last <= self.last


@dataclass(frozen=True, kw_only=True)
class MuteRule:
    """The alarms by name, and the times: the days and minutes on which it begins, or the one moment."""

    alarms: tuple[str, ...]
    timezone: ZoneInfo
    duration: timedelta
    at: datetime | None = None
    minutes: frozenset[int] = frozenset()
    hours: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()

    @classmethod
    def read(cls, alarms: Sequence[str], expression: str, duration: str, timezone: str) -> MuteRule:
        """From the parts of a rule as AWS has them.

        Raises:
            MuteRuleError: a part is not understood; what it mutes is then not known.
        """
        try:
            zone, length = ZoneInfo(timezone), _duration(duration)
            if match := _AT.fullmatch(expression):
                begins = datetime.fromisoformat(match[1]).replace(tzinfo=zone)
                return cls(alarms=tuple(alarms), timezone=zone, duration=length, at=begins)
            if not (match := _CRON.fullmatch(expression)):
                msg = f"{expression} is neither cron(minute hour day month weekday) nor at(TIME)"
                raise MuteRuleError(msg)
            minutes, hours, days, months, weekdays = match.groups()
            if "*" not in (days, weekdays):
                msg = f"{expression} gives days of the month and of the week"
                raise MuteRuleError(msg)
            return cls(
                alarms=tuple(alarms),
                timezone=zone,
                duration=length,
                minutes=field_values(minutes, 0, 59, plain=True),
                hours=field_values(hours, 0, 23, plain=True),
                days=field_values(days, 1, 31, plain=True),
                months=field_values(months, 1, 12, MONTHS, plain=True),
                weekdays=field_values(weekdays, 0, 6, WEEKDAYS, plain=True),
            )
        except (ValueError, OSError, ZoneInfoNotFoundError) as error:
            raise MuteRuleError(str(error)) from error

    def window(self, now: datetime) -> MuteWindow | None:
        """The mute that is on, else the next one; None when there will be none."""
        for begins in self._starts((now - self.duration).astimezone(self.timezone).date()):
            window = MuteWindow(first=begins, last=begins + self.duration)
            if window.last > now:
                return window
        return None

    def _starts(self, first: date) -> Iterator[datetime]:
        """Every beginning from that day on, in UTC."""
        if self.at is not None:
            yield self.at.astimezone(UTC)
            return
        for ahead in range(DAYS_AHEAD):
            day = first + timedelta(days=ahead)
            weekday = (day.weekday() + 1) % 7
            if day.day in self.days and day.month in self.months and weekday in self.weekdays:
                for hour in sorted(self.hours):
                    for minute in sorted(self.minutes):
                        yield datetime.combine(day, time(hour, minute), self.timezone).astimezone(UTC)


def _duration(text: str) -> timedelta:
    match = _DURATION.fullmatch(text)
    days, hours, minutes = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    found = timedelta(days=days, hours=hours, minutes=minutes)
    if not timedelta(minutes=1) <= found <= timedelta(days=15):
        msg = f"{text} is no duration from PT1M to P15D"
        raise MuteRuleError(msg)
    return found
