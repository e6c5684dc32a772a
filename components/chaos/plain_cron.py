"""AWS's cron expressions in the plainer cron of mute rules: five fields of numbers, names, `*`, `-` and `,`."""

from collections.abc import Mapping
from dataclasses import dataclass

from contract.cron import WEEKDAYS, Cron, CronError, read_schedule

__all__ = ["CronError", "PlainCron"]


@dataclass(frozen=True)
class PlainCron:
    """A cron of days that a mute rule can name."""

    cron: Cron

    @classmethod
    def read(cls, schedule: str) -> "PlainCron":
        """From `cron(minute hour day month weekday year)`.

        Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Schedule.html

        Raises:
            CronError: a rate, a year, `L`, `W`, `#`, or what AWS would not take either.
        """
        found = read_schedule(schedule)
        if not isinstance(found, Cron):
            msg = "a mute rule begins at times, and a rate has none"
            raise CronError(msg)
        if found.years is not None:
            msg = "a mute rule knows no years"
            raise CronError(msg)
        if found.last_day or found.near is not None or found.nth is not None or found.last_weekday is not None:
            msg = "a mute rule knows no L, W or #"
            raise CronError(msg)
        return cls(found)

    def expression(self) -> str:
        """The expression of a mute rule; weekdays by name, since its numbers are not those of other schedules."""
        names = {number: name for number, name in enumerate(WEEKDAYS, 1)}
        cron = self.cron
        fields = (
            _text(cron.minutes, 60, {}),
            _text(cron.hours, 24, {}),
            _text(cron.days, 31, {}),
            _text(cron.months, 12, {}),
            _text(cron.weekdays, 7, names),
        )
        return f"cron({' '.join(fields)})"

    def shortest_gap(self) -> int:
        """Minutes between two starts, where they are closest."""
        return self.cron.shortest_gap()


def _text(values: frozenset[int] | None, size: int, names: Mapping[int, str]) -> str:
    if values is None or len(values) == size:
        return "*"
    return ",".join(names.get(value, str(value)) for value in sorted(values))
