"""Time as runners see it, so that tests can rehearse an hour in a millisecond."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final, Protocol, TypeVar

from contract.run_log import Waiting
from runners.errors import DeadlineError
from runners.runs.run_log import note

T = TypeVar("T")
# Shorter waits are not in the log.
_LOGGED: Final = timedelta(seconds=1)


class Clock(Protocol):
    """Now, and waiting."""

    def now(self) -> datetime:
        """The time in UTC."""

    def sleep(self, seconds: float) -> None:
        """Returns when the seconds have passed."""


def _ticks() -> float:
    """Seconds that pass whatever somebody sets the clock to, those of a machine that sleeps included."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class SystemClock:
    """This machine's clock as it stood when the command began: one that is set meanwhile disturbs no run."""

    _began: ClassVar[tuple[datetime, float]] = datetime.now(UTC), _ticks()

    def now(self) -> datetime:
        """The time in UTC."""
        at, ticks = self._began
        return at + timedelta(seconds=_ticks() - ticks)

    def sleep(self, seconds: float) -> None:
        """Returns when the seconds have passed."""
        time.sleep(max(0.0, seconds))


def rfc3339(moment: datetime) -> str:
    """The form of every time in journals, records and documents: UTC, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_rfc3339(text: str) -> datetime:
    """The moment that `rfc3339` wrote.

    Raises:
        ValueError: it is no such text, or has no time zone.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        msg = f"{text!r} has no time zone"
        raise ValueError(msg)
    return moment.astimezone(UTC)


def note_wait(what: str, until: datetime, length: timedelta) -> None:
    """Logs what is waited for from now on, if that is long enough to be asked about."""
    if length >= _LOGGED:
        note(logging.INFO, Waiting(what=what, until=until), f"waiting for {what} until {rfc3339(until)}")


def pause(clock: Clock, length: timedelta, what: str) -> None:
    """Lets time pass; `what` is what for."""
    note_wait(what, clock.now() + length, length)
    clock.sleep(length.total_seconds())


def wait_for(clock: Clock, what: str, probe: Callable[[], T | None], *, within: timedelta, every: timedelta) -> T:
    """Asks until the probe gives something else than None, and returns that.

    Raises:
        DeadlineError: it didn't within the time; the message repeats `what`.
    """
    deadline = clock.now() + within
    note_wait(what, deadline, within)
    while True:
        found = probe()
        if found is not None:
            return found
        left = (deadline - clock.now()).total_seconds()
        if left <= 0:
            msg = f"{what} did not come about within {within.total_seconds():g} s"
            raise DeadlineError(msg)
        clock.sleep(min(every.total_seconds(), left))
