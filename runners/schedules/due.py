"""What is due now, and what waits for what: from schedules, from what ran, from the terms and from the time. Pure.

A moment that was missed is caught up once, however many were missed; a start that was refused is tried once more. Of
all that is due one is named, the one that is late the longest: never two faults at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from contract.cron import CronError, Rate, read_schedule
from contract.moments import after_run, last_moment, next_moment
from runners.chaos.before.recent_drill import DATABASE_APART
from runners.runs.clock import rfc3339
from runners.schedules.planned import NotPlanned, Planned
from runners.schedules.planned_kind import PlannedKind

VERSION: Final = 1
# A start that was refused is tried once more, not before this time has passed.
MOST_ATTEMPTS: Final = 2
AGAIN_AFTER: Final = timedelta(minutes=50)
# What has not started so long after its moment was missed: somebody is told.
MISSED_AFTER: Final = timedelta(hours=6)


class Standing(StrEnum):
    """How something planned stands."""

    DUE = "due"
    WAITS = "waits"
    STARTING = "starting"
    DONE = "done"
    NOT_YET = "not-yet"
    GIVEN_UP = "given-up"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """What is kept of one planned thing: with which schedule it is known since when, and the starts of a moment."""

    schedule: str
    since: datetime
    planned: datetime | None = None
    attempts: int = 0
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the records say of one planned thing: when it was last started, refused starts left out."""

    started: datetime | None = None
    reservation: Reservation | None = None


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What else decides. `allowed` is None where the window cannot be read; `busy` names the run that is under way.

    `drilled` and `disturbed` are when the database was last restored beside itself, and last under a fault; until
    `excused` experiments did not run because nobody wanted them to.
    """

    allowed: bool | None
    text: str
    busy: str | None = None
    drilled: datetime | None = None
    disturbed: datetime | None = None
    excused: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Stand:
    """One planned thing now. `planned` is its newest moment, `following` the next one."""

    item: Planned
    standing: Standing
    reason: str
    planned: datetime | None = None
    following: datetime | None = None
    started: datetime | None = None
    attempts: int = 0
    excused: datetime | None = None

    def late(self, now: datetime) -> timedelta:
        """How long it has been due and has not started."""
        open_ = self.standing in (Standing.DUE, Standing.WAITS, Standing.GIVEN_UP, Standing.STARTING)
        return now - self.planned if open_ and self.planned is not None else timedelta(0)

    def missed(self, now: datetime) -> bool:
        """Whether somebody has to be told: it has not started for long, or will not, or nobody can tell."""
        never = self.standing in (Standing.GIVEN_UP, Standing.UNREADABLE)
        late = self.late(now)
        if self.excused is not None and self.item.kind is PlannedKind.EXPERIMENT:
            late = min(late, now - self.excused)
        return never or late >= MISSED_AFTER

    def document(self, now: datetime) -> dict[str, Any]:
        """One entry of `ial chaos due --json`."""
        return {
            "kind": str(self.item.kind),
            "name": self.item.name,
            "schedule": self.item.schedule,
            "timezone": self.item.timezone,
            "standing": str(self.standing),
            "reason": self.reason,
            "planned": _text(self.planned),
            "next": _text(self.following),
            "lastStarted": _text(self.started),
            "lateSeconds": round(self.late(now).total_seconds()),
            "missed": self.missed(now),
        }


@dataclass(frozen=True, kw_only=True)
class Due:
    """All that is planned, as it stands at one time. `first` is what is to be started now."""

    now: datetime
    stands: tuple[Stand, ...]
    others: tuple[NotPlanned, ...] = ()

    @property
    def first(self) -> Stand | None:
        """None when nothing is due."""
        return next((stand for stand in self.stands if stand.standing is Standing.DUE), None)

    @property
    def missed(self) -> tuple[Stand, ...]:
        """What has to be told."""
        return tuple(stand for stand in self.stands if stand.missed(self.now))

    def document(self, stack: str) -> dict[str, Any]:
        """The answer of `ial chaos due`, as `schemas/due.schema.json` describes it."""
        return {
            "version": VERSION,
            "stack": stack,
            "now": rfc3339(self.now),
            "due": None if self.first is None else self.first.document(self.now),
            "missed": [stand.item.key for stand in self.missed],
            "planned": [stand.document(self.now) for stand in self.stands],
            "notPlanned": [{"name": other.name, "reason": other.reason} for other in self.others],
        }


def due(
    items: Sequence[Planned],
    known: Mapping[str, Known],
    terms: Terms,
    now: datetime,
    others: Sequence[NotPlanned] = (),
) -> Due:
    """How all of it stands now; at most one is due. The longest late comes first, then by name."""
    stands = [_stand(item, known.get(item.key, Known()), terms, now) for item in items]
    stands.sort(key=lambda stand: (-stand.late(now), stand.item.key))
    first: Stand | None = None
    for number, stand in enumerate(stands):
        if stand.standing is not Standing.DUE:
            continue
        if first is None:
            first = stand
        else:
            reason = f"{first.item.key} comes first: one at a time"
            stands[number] = replace(stand, standing=Standing.WAITS, reason=reason)
    return Due(now=now, stands=tuple(stands), others=tuple(others))


def reserved(stand: Stand, known: Known, now: datetime) -> Reservation:
    """What is to be kept before it is started."""
    kept = seen(stand.item, known, now)
    return replace(kept, planned=stand.planned, attempts=stand.attempts + 1, at=now)


def seen(item: Planned, known: Known, now: datetime) -> Reservation:
    """What is kept of a thing with its schedule as it is: a changed one counts from now, for nothing of it was missed.

    One that nobody kept anything of, and that has run, is known since it ran.
    """
    kept, text = known.reservation, _written(item)
    if kept is not None and kept.schedule == text:
        return kept
    since = known.started if kept is None and known.started is not None else now
    return Reservation(schedule=text, since=since)


def _stand(item: Planned, known: Known, terms: Terms, now: datetime) -> Stand:
    kept = seen(item, known, now)
    try:
        planned, following = _moments(item, known.started, kept.since, now)
    except (CronError, ZoneInfoNotFoundError, ValueError) as error:
        return Stand(item=item, standing=Standing.UNREADABLE, reason=str(error))
    attempts = kept.attempts if planned is not None and kept.planned == planned else 0
    stand = Stand(
        item=item,
        standing=Standing.DUE,
        reason="",
        planned=planned,
        following=following,
        started=known.started,
        attempts=attempts,
        excused=terms.excused,
    )
    standing, reason = _judged(stand, kept, terms, now)
    return replace(stand, standing=standing, reason=reason)


def _moments(
    item: Planned, started: datetime | None, since: datetime, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """The newest moment since it is known, and the next one."""
    schedule = read_schedule(item.schedule)
    if isinstance(schedule, Rate):
        base = max(started, since) if started is not None else since
        length = after_run(schedule, base) - base
        passed = max(now - base, timedelta(0)) // length
        return (base + passed * length if passed else None), base + (passed + 1) * length
    zone = ZoneInfo(item.timezone)
    return last_moment(schedule, zone, now, since), next_moment(schedule, zone, now)


def _judged(stand: Stand, kept: Reservation, terms: Terms, now: datetime) -> tuple[Standing, str]:
    planned, started = stand.planned, stand.started
    if planned is None or (started is not None and started >= planned):
        if planned is None and stand.following is None:
            return Standing.DONE, "its schedule names no moment that is still to come"
        return (Standing.NOT_YET if planned is None else Standing.DONE), ""
    if stand.attempts and kept.at is not None and now - kept.at < AGAIN_AFTER:
        return Standing.STARTING, f"somebody began to start it at {rfc3339(kept.at)}"
    if stand.attempts >= MOST_ATTEMPTS:
        return Standing.GIVEN_UP, f"{stand.attempts} starts of it came to nothing; its next moment is the next try"
    why = _why_not_now(stand.item, terms, now)
    return (Standing.DUE, "") if why is None else (Standing.WAITS, why)


def _why_not_now(item: Planned, terms: Terms, now: datetime) -> str | None:
    if item.kind is PlannedKind.EXPERIMENT and not terms.allowed:
        unread = "terms that are not understood: " if terms.allowed is None else ""
        return f"experiments may run {unread}{terms.text}"
    if terms.busy is not None:
        return terms.busy
    other = terms.drilled if item.kind is PlannedKind.EXPERIMENT else terms.disturbed
    if item.of_database and other is not None and now - other < DATABASE_APART:
        what = "restored beside itself" if item.kind is PlannedKind.EXPERIMENT else "under a fault"
        apart = DATABASE_APART.total_seconds() / 60
        return f"the database was {what} at {rfc3339(other)}; the two keep {apart:g} minutes apart"
    return None


def _written(item: Planned) -> str:
    return f"{item.schedule} {item.timezone}"


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)
