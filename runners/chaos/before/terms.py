"""When experiments may run: hours and days in a time zone, and days on which nothing may. Pure, and fails closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from contract.terms import Freeze, Window

_DAYS: Final = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


def allowed(window: Window | None, freezes: Sequence[Freeze], now: datetime, zone: str) -> bool | None:
    """Whether an experiment may begin now; None when the terms cannot be read.

    Days are those of the window's time zone, or of `zone`, the experiments' own, where there is no window.
    """
    try:
        local = now.astimezone(ZoneInfo(window.timezone if window else zone))
        if any(date.fromisoformat(held.first) <= local.date() <= date.fromisoformat(held.last) for held in freezes):
            return False
        if window is None:
            return True
        opens, closes = time.fromisoformat(window.opens), time.fromisoformat(window.closes)
    except (ValueError, ZoneInfoNotFoundError):
        return None
    return _DAYS[local.weekday()] in window.days and opens <= local.time().replace(tzinfo=None) < closes


def excused_until(window: Window | None, freezes: Sequence[Freeze], now: datetime, zone: str) -> datetime | None:
    """Until when the newest freeze that has begun excuses what did not run: its end, or now; None without one."""
    try:
        place = ZoneInfo(window.timezone if window else zone)
        today = now.astimezone(place).date()
        ends = [
            datetime.combine(date.fromisoformat(held.last) + timedelta(days=1), time(), place)
            for held in freezes
            if date.fromisoformat(held.first) <= today
        ]
    except (ValueError, ZoneInfoNotFoundError):
        return None
    return min(now, max(ends).astimezone(UTC)) if ends else None


def terms_text(window: Window | None, freezes: Sequence[Freeze]) -> str:
    """The terms in words, after "experiments may run"."""
    frozen = "".join(f", not from {held.first} to {held.last}" for held in freezes)
    if window is None:
        return f"at any time{frozen}"
    return f"on {', '.join(window.days)} from {window.opens} to {window.closes} ({window.timezone}){frozen}"
