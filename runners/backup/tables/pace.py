"""How fast a table is read: never more read units in any second than its share, over all segments together.

DynamoDB counts what a page cost only after it was read (`ConsumedCapacity`), so a page is asked for with so many items
as should fit, and what it cost more is waited for. One item is never split: a share that is smaller than an item is
kept on the average.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from runners.errors import DeadlineError
from runners.runs.clock import Clock, note_wait

# A consistent read unit is four kilobytes, and a page is a megabyte at most (DynamoDB guide, Scan; capacity modes).
UNIT_BYTES: Final = 4096
PAGE_UNITS: Final = 256
_WINDOW: Final = 1.0
# How long a rate is believed: application auto scaling may change a table's units in the middle of a scan.
_BELIEVED: Final = 60.0
# The share of a page's units that is asked for: items are not all of one size, and pages are rounded up.
_CAREFUL: Final = 0.85
_LESS, _MORE, _MOST_SURE = 0.9, 1.02, 0.95
_FORGETS: Final = 0.98
# What is left of a second is used for another page if it is as much of a whole one.
_WORTH_A_PAGE: Final = 0.25


@dataclass(kw_only=True)
class Permit:
    """Leave to read one page: with at most so many items, None for a whole one."""

    limit: int | None
    at: float
    units: float


class Pace(Protocol):
    """Says when the next page may be read."""

    def permit(self) -> Permit:
        """Waits until it may be."""

    def spent(self, permit: Permit, items: int, units: float, size: int) -> None:
        """What the page cost; `size` are the bytes of its answer."""


def steady(rate: float) -> float:
    """The read units a second that a rate comes to: whole units, none above the rate."""
    return rate if rate < 1 else float(math.floor(rate))


class Pacer:
    """Keeps the scans of one table to its rate, one after the other. Threads may ask at the same time.

    `rate` gives the read units a second as they are now, None for no limit; `item_bytes` is what an item takes on the
    average as far as AWS knows, None if it does not; `within` ends a scan that takes too long, and `what` names it.
    """

    def __init__(
        self,
        clock: Clock,
        rate: Callable[[], float | None],
        *,
        what: str,
        item_bytes: float | None = None,
        within: timedelta | None = None,
    ) -> None:
        self._clock, self._ask, self._what, self._within = clock, rate, what, within
        self._made: datetime = clock.now()
        self._began = 0.0
        self._item_bytes, self._known = item_bytes, item_bytes is not None
        self._careful = _CAREFUL
        self._rate: float | None = None
        self._asked: float | None = None
        self._free_at = 0.0
        self._recent: deque[Permit] = deque()
        # Who waits holds the turn, so that segments come one after the other; the ledger is held for moments only.
        self._turn, self._ledger = threading.Lock(), threading.Lock()

    def begin(self) -> None:
        """Another scan begins, with its own time; what the last one took within this second still counts."""
        self._began = (self._clock.now() - self._made).total_seconds()

    def permit(self) -> Permit:
        """Waits until the next page may be read.

        Raises:
            DeadlineError: the scan takes longer than it may.
            AwsError: the table could not be asked for its units.
        """
        with self._turn:
            while True:
                now = self._now()
                rate = self._believed(now)
                if rate is None:
                    return Permit(limit=None, at=now, units=0)
                with self._ledger:
                    ready, wanted = self._ready(now, rate)
                    if ready <= now:
                        return self._permitted(now, rate, wanted)
                until = self._made + timedelta(seconds=ready)
                note_wait(f"the next page of {self._what}", until, timedelta(seconds=ready - now))
                self._clock.sleep(ready - now)

    def spent(self, permit: Permit, items: int, units: float, size: int) -> None:
        """Counts what a page cost."""
        with self._ledger:
            self._learn(permit, items, units, size)
            more, permit.units = units - permit.units, units
            if self._rate is None:
                return
            if any(held is permit for held in self._recent):
                self._settle(self._rate)
            elif more > 0:
                # The answer took longer than the window: what it cost more is still owed.
                self._free_at = max(self._free_at, permit.at + _WINDOW) + more / self._rate

    def _now(self) -> float:
        now = (self._clock.now() - self._made).total_seconds()
        if self._within is not None and now - self._began > self._within.total_seconds():
            msg = (
                f"reading {self._what} did not end within {self._within.total_seconds():g} s at {self._rate or 0:g} "
                "read units a second; raise ial:backup drills.readSharePercent or drills.readMinutes"
            )
            raise DeadlineError(msg)
        return now

    def _believed(self, now: float) -> float | None:
        if self._asked is None or now - self._asked >= _BELIEVED:
            self._rate, self._asked = self._ask(), now
        return self._rate

    def _ready(self, now: float, rate: float) -> tuple[float, float]:
        """When the next page may be read, and the units that it may take."""
        while self._recent and self._recent[0].at <= now - _WINDOW:
            self._recent.popleft()
        page = float(min(PAGE_UNITS, max(1, math.floor(rate))))
        if not self._recent:
            return self._free_at, page
        room = math.floor(rate - sum(held.units for held in self._recent))
        if room >= max(1, page * _WORTH_A_PAGE):
            return self._free_at, min(page, room)
        return max(self._free_at, self._recent[0].at + _WINDOW), page

    def _permitted(self, now: float, rate: float, wanted: float) -> Permit:
        limit, units = self._limit(wanted), wanted
        if limit is not None and self._item_bytes is not None:
            units = float(max(1, math.ceil(limit * self._item_bytes / UNIT_BYTES)))
        found = Permit(limit=limit, at=now, units=units)
        self._recent.append(found)
        self._settle(rate)
        return found

    def _settle(self, rate: float) -> None:
        """What was taken above the rate is waited for, so that the average stays under it."""
        taken = sum(held.units for held in self._recent)
        if taken > rate:
            self._free_at = max(self._free_at, self._recent[0].at + taken / rate)

    def _limit(self, wanted: float) -> int | None:
        if wanted >= PAGE_UNITS:
            return None
        if self._item_bytes is None:
            return 1
        return max(1, int(self._careful * wanted * UNIT_BYTES / self._item_bytes))

    def _learn(self, permit: Permit, items: int, units: float, size: int) -> None:
        if permit.limit is None or not items:
            return
        if not self._known:
            # As text an item is larger than what DynamoDB counts: a page costs less than expected, not more. A page
            # of small items is forgotten soon, one of large items slowly.
            self._item_bytes = max(1.0, size / items, _FORGETS * (self._item_bytes or 0.0))
        more = units <= permit.units
        self._careful = min(_MOST_SURE, self._careful * _MORE) if more else self._careful * _LESS


class Unpaced:
    """Lets everything be read at once: of a table that nobody else uses, or in a measurement."""

    def permit(self) -> Permit:
        """At once."""
        return Permit(limit=None, at=0.0, units=0.0)

    def spent(self, permit: Permit, items: int, units: float, size: int) -> None:
        """Counts nothing."""
