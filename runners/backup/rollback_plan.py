"""How a versioned bucket is brought back to a moment without losing anything. Pure.

A key is in one of three cases. New since then: a delete marker hides it. Deleted since then: the markers go, if what
was there then lies directly under them. Overwritten since then: the version of then is copied on top. No version
that holds data is ever deleted, so a rollback can itself be rolled back.

Listings have whole seconds, and a moment includes all of its second: versions of that second count as of then.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from runners.backup.objects import Version

# Versions in these classes must be retrieved, which takes hours, before they can be copied.
ARCHIVED: Final = frozenset({"GLACIER", "DEEP_ARCHIVE"})


class Act(StrEnum):
    """What is done to a key."""

    HIDE = "hide"
    UNCOVER = "uncover"
    COPY = "copy"
    RETRIEVE_FIRST = "retrieve-first"


@dataclass(frozen=True)
class Step:
    """One key's step: `version` is what was there then, `markers` what hides it; both as the act needs them."""

    act: Act
    key: str
    version: Version | None = None
    markers: tuple[Version, ...] = ()


def state_at(versions: Iterable[Version], moment: datetime) -> Iterator[Version]:
    """The objects of a moment, in the order of their keys."""
    for _, history in _by_key(versions):
        then = _then(history, moment)
        if then is not None and not then.marker:
            yield then


def plan_rollback(versions: Iterable[Version], moment: datetime) -> Iterator[Step]:
    """The steps that make the objects of now those of the moment; keys that are as they were need none."""
    for key, history in _by_key(versions):
        step = _step(key, history, moment)
        if step is not None:
            yield step


def _by_key(versions: Iterable[Version]) -> Iterator[tuple[str, list[Version]]]:
    """Each key's versions, newest first. Listings are sorted by key, so one key at a time is in memory."""
    for key, history in itertools.groupby(versions, key=lambda version: version.key):
        yield key, list(history)


def _then(history: list[Version], moment: datetime) -> Version | None:
    """What was the newest of the moment: a version, a marker, or nothing yet."""
    return next((version for version in history if version.modified <= moment), None)


def _step(key: str, history: list[Version], moment: datetime) -> Step | None:
    now, then = history[0], _then(history, moment)
    if then is None or then.marker:
        return None if now.marker else Step(Act.HIDE, key)
    if now.id == then.id:
        return None
    above = history[: history.index(then)]
    if all(version.marker for version in above):
        return Step(Act.UNCOVER, key, then, tuple(above))
    return Step(Act.RETRIEVE_FIRST if then.storage in ARCHIVED else Act.COPY, key, then)
