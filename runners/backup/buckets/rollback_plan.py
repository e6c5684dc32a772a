"""How a versioned bucket is brought back to a moment without losing anything. Pure.

A key is in one of two cases. New since then: a delete marker hides it. Overwritten or deleted since then: the version
of then is copied on top. No version and no delete marker is ever removed, so that a rollback can itself be rolled back,
and every other moment stays as much within reach as it was.

Which version was there then follows from the order in which S3 lists them, not from their times alone: listings have
whole seconds, and an upload in parts bears the time of its beginning. A version came no sooner than its own time and
no sooner than everything that lies under it.

A moment includes all of its second. What changed within that second, and uploads in parts that were begun in the day
before the moment, cannot be told for certain: such keys carry a doubt.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from runners.backup.buckets.objects import Version

# An upload in parts may take as long as it likes; one that takes longer than a day is rare.
LONGEST_UPLOAD: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)


class Act(StrEnum):
    """What is done to a key; LEAVE is yielded only for keys that carry a doubt."""

    HIDE = "hide"
    COPY = "copy"
    RETRIEVE_FIRST = "retrieve-first"
    LEAVE = "leave"


class Doubt(StrEnum):
    """Why the state of a key at the moment is not certain."""

    SAME_SECOND = "changed in the second of the moment; what it was at the end of that second counts"
    UPLOAD = "was uploaded in parts that were begun less than a day before the moment; S3 does not say when it was over"


@dataclass(frozen=True)
class Reading:
    """What one key was at the moment: a version, a marker, or None for nothing yet; `history` has the newest first."""

    key: str
    history: tuple[Version, ...]
    then: Version | None
    doubt: Doubt | None

    @property
    def held(self) -> Version | None:
        """The object of the moment, None if there was none."""
        return None if self.then is None or self.then.marker else self.then


@dataclass(frozen=True)
class Step:
    """One key's step. `version` is the object of then, None where there was none."""

    act: Act
    key: str
    version: Version | None = None
    doubt: Doubt | None = None


def readings(versions: Iterable[Version], moment: datetime) -> Iterator[Reading]:
    """What each key was at the moment. Listings are sorted by key, so one key's versions at a time are in memory."""
    for key, held in itertools.groupby(versions, key=lambda version: version.key):
        history = tuple(held)
        then = _then(history, moment)
        yield Reading(key, history, then, _doubt(history, then, moment))


def state_at(versions: Iterable[Version], moment: datetime) -> Iterator[Version]:
    """The objects of a moment, in the order of their keys."""
    return (reading.held for reading in readings(versions, moment) if reading.held is not None)


def plan_rollback(versions: Iterable[Version], moment: datetime) -> Iterator[Step]:
    """The steps that make the objects of now those of the moment; keys that surely are as they were need none."""
    for reading in readings(versions, moment):
        step = _step(reading)
        if step.act is not Act.LEAVE or step.doubt is not None:
            yield step


def _then(history: Sequence[Version], moment: datetime) -> Version | None:
    """The version that was the newest at the moment: the topmost that came no later than it."""
    found = None
    for version in reversed(history):
        # What lies under a version was there before it: once one came too late, so did all above it.
        if version.modified > moment:
            return found
        found = version
    return found


def _doubt(history: Sequence[Version], then: Version | None, moment: datetime) -> Doubt | None:
    if then != _then(history, moment - _SECOND):
        return Doubt.SAME_SECOND
    if then is not None and then.in_parts and moment - then.modified < LONGEST_UPLOAD:
        return Doubt.UPLOAD
    return None


def _step(reading: Reading) -> Step:
    now, then, key, doubt = reading.history[0], reading.held, reading.key, reading.doubt
    if then is None:
        return Step(Act.LEAVE if now.marker else Act.HIDE, key, doubt=doubt)
    if now.id == then.id:
        return Step(Act.LEAVE, key, then, doubt)
    return Step(Act.RETRIEVE_FIRST if then.archived else Act.COPY, key, then, doubt)
