"""The moments that a schedule names: the last one until a time, and the next one after it. Pure, one pass over days.

Clocks that change are heeded as EventBridge Scheduler does it: a time that the spring leaves out is skipped, and one
that the autumn repeats is the first of the two.
Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from contract.cron import DAYS_AHEAD, MINUTES, At, Cron, Rate

_DAY: Final = timedelta(days=1)


def last_moment(schedule: Cron | At, zone: ZoneInfo, now: datetime, since: datetime | None = None) -> datetime | None:
    """The newest planned moment until `now`, in UTC; None when there was none yet, or none after `since`."""
    if isinstance(schedule, At):
        moment = _utc(schedule.moment, zone)
        found = moment if moment is not None and moment <= now else None
    else:
        days = DAYS_AHEAD if since is None else min(DAYS_AHEAD, (now - since) // _DAY + 2)
        found = next((moment for moment in _backward(schedule, zone, now, days) if moment <= now), None)
    return None if found is None or (since is not None and found <= since) else found


def next_moment(schedule: Cron | At, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The first planned moment after `now`, in UTC; None when none is left."""
    if isinstance(schedule, At):
        moment = _utc(schedule.moment, zone)
        return moment if moment is not None and moment > now else None
    return next((moment for moment in _forward(schedule, zone, now) if moment > now), None)


def after_run(schedule: Rate, began: datetime) -> datetime:
    """When a rate is due again after what began then: its days are 24 hours, whatever clocks do."""
    return began + timedelta(minutes=schedule.every * MINUTES[schedule.unit])


def _forward(cron: Cron, zone: ZoneInfo, now: datetime) -> Iterator[datetime]:
    # In a repeated hour the first of two is meant, so a time of the day before may be the next.
    for day in cron.dates(now.astimezone(zone).date() - _DAY):
        yield from _of_day(cron, zone, day, newest_first=False)


def _backward(cron: Cron, zone: ZoneInfo, now: datetime, days: int) -> Iterator[datetime]:
    today = now.astimezone(zone).date()
    day = today if cron.years is None else min(today, date(max(cron.years), 12, 31))
    for back in range(days - (today - day).days if days < DAYS_AHEAD else days):
        if cron.runs_on(day - back * _DAY):
            yield from _of_day(cron, zone, day - back * _DAY, newest_first=True)


def _of_day(cron: Cron, zone: ZoneInfo, day: date, *, newest_first: bool) -> Iterator[datetime]:
    for hour in sorted(cron.hours, reverse=newest_first):
        for minute in sorted(cron.minutes, reverse=newest_first):
            moment = _utc(datetime.combine(day, time(hour, minute)), zone)
            if moment is not None:
                yield moment


def _utc(local: datetime, zone: ZoneInfo) -> datetime | None:
    """A time of the clock on the wall; None when clocks left it out."""
    moment = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return moment if moment.astimezone(zone).replace(tzinfo=None) == local else None
