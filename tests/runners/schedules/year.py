"""A pipeline of a year: it wakes some times a day, and what it starts is recorded as the table would have it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from runners.schedules.due import Due, Known, Terms, due, reserved, seen
from runners.schedules.planned import Planned
from runners.schedules.planned_kind import PlannedKind

ANY_TIME = Terms(allowed=True, text="at any time")
HOURS = (0, 1, 9, 10, 11, 18)
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def planned(name: str, schedule: str, timezone: str = "UTC", *, drill: bool = False, database: bool = False) -> Planned:
    kind = PlannedKind.DRILL if drill else PlannedKind.EXPERIMENT
    return Planned(kind=kind, name=name, schedule=schedule, timezone=timezone, of_database=database)


@dataclass
class Pipeline:
    """What it has planned, and the starts by key. `refuse` says which starts a preflight turns down."""

    items: Sequence[Planned]
    refuse: Callable[[str, datetime], bool] = lambda key, now: False
    terms: Callable[[datetime], Terms] = lambda now: ANY_TIME
    known: dict[str, Known] = field(default_factory=dict)
    starts: list[tuple[str, datetime]] = field(default_factory=list)
    tried: list[tuple[str, datetime]] = field(default_factory=list)
    missed: set[str] = field(default_factory=set)

    def wake(self, now: datetime) -> Due:
        """One trigger: it reserves what it starts before it starts it, and keeps since when it knows the rest."""
        found = due(self.items, self.known, self.terms(now), now)
        for item in self.items:
            held = self.known.get(item.key, Known())
            self.known[item.key] = Known(started=held.started, reservation=seen(item, held, now))
        self.missed |= {stand.item.key for stand in found.missed}
        first = found.first
        if first is None:
            return found
        key = first.item.key
        held = self.known[key]
        kept = reserved(first, held, now)
        self.tried.append((key, now))
        if self.refuse(key, now):
            self.known[key] = Known(started=held.started, reservation=kept)
            return found
        self.known[key] = Known(started=now, reservation=kept)
        self.starts.append((key, now))
        return found

    def year(self, *, away: Callable[[datetime], bool] = lambda now: False, twice: bool = False) -> None:
        """At 17 past these hours, but while it is away; `twice` is a second trigger in the same minute."""
        for day in range((LAST - FIRST).days):
            for hour in HOURS:
                now = FIRST + timedelta(days=day, hours=hour, minutes=17)
                if not away(now):
                    self.wake(now)
                    if twice:
                        self.wake(now + timedelta(seconds=30))
