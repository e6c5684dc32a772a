"""EventBridge's cron expressions in the plainer cron of mute rules: five fields of numbers, names, `*`, `-` and `,`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_PART = re.compile(r"(?P<first>[*?]|\w+)(-(?P<last>\w+))?(/(?P<step>\d+))?", re.ASCII)
_DAY = 24 * 60


class CronError(ValueError):
    """A schedule that a mute rule cannot express; the message says why."""


@dataclass(frozen=True, kw_only=True)
class PlainCron:
    """The values of each field; EventBridge counts weekdays from 1, which is Sunday."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]

    @classmethod
    def read(cls, schedule: str) -> "PlainCron":
        """From `cron(minute hour day month weekday year)`.

        Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Schedule.html

        Raises:
            CronError: a rate, a year, `L`, `W`, `#`, a value out of bounds, or days given in two ways.
        """
        fields = schedule.removeprefix("cron(").removesuffix(")").upper().split()
        if not schedule.startswith("cron("):
            msg = "a mute rule begins at times, and a rate has none"
            raise CronError(msg)
        if len(fields) != 6 or fields[5] != "*":
            msg = "a mute rule knows no years"
            raise CronError(msg)
        minutes, hours, days, months, weekdays, _ = fields
        if days not in ("*", "?") and weekdays not in ("*", "?"):
            msg = "days of the month and of the week cannot both be given"
            raise CronError(msg)
        return cls(
            minutes=_values(minutes, 0, 59, ()),
            hours=_values(hours, 0, 23, ()),
            days=_values(days, 1, 31, ()),
            months=_values(months, 1, 12, _MONTHS),
            weekdays=_values(weekdays, 1, 7, _WEEKDAYS),
        )

    def expression(self) -> str:
        """The expression of a mute rule; weekdays by name, since cron's numbers are not EventBridge's."""
        names = {number: name for number, name in enumerate(_WEEKDAYS, 1)}
        fields = (
            _text(self.minutes, 60, {}),
            _text(self.hours, 24, {}),
            _text(self.days, 31, {}),
            _text(self.months, 12, {}),
            _text(self.weekdays, 7, names),
        )
        return f"cron({' '.join(fields)})"

    def shortest_gap(self) -> int:
        """Minutes between two starts on one day or on two days in a row, where they are closest."""
        starts = sorted(hour * 60 + minute for hour in self.hours for minute in self.minutes)
        following = [*starts[1:], starts[0] + _DAY]
        return min(later - earlier for earlier, later in zip(starts, following, strict=True))


def _values(field: str, low: int, high: int, names: Sequence[str]) -> frozenset[int]:
    size, found = high - low + 1, set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            msg = f"a mute rule knows no {part}"
            raise CronError(msg)
        every = match["first"] in ("*", "?")
        first = low if every else _number(match["first"], low, high, names)
        last = _number(match["last"], low, high, names) if match["last"] else high if every or match["step"] else first
        step = int(match["step"] or 1)
        if step < 1 or (every and match["last"]):
            msg = f"{part} is no part of a cron"
            raise CronError(msg)
        # FRI-MON goes over the end of the week.
        reach = last + size if last < first else last
        found |= {low + (value - low) % size for value in range(first, reach + 1, step)}
    return frozenset(found)


def _number(text: str, low: int, high: int, names: Sequence[str]) -> int:
    value = names.index(text) + low if text in names else int(text) if text.isdigit() else -1
    if not low <= value <= high:
        msg = f"a mute rule knows no {text} here, only {low} to {high}"
        raise CronError(msg)
    return value


def _text(values: frozenset[int], size: int, names: Mapping[int, str]) -> str:
    return "*" if len(values) == size else ",".join(names.get(value, str(value)) for value in sorted(values))
