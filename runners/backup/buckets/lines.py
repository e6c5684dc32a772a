"""The lines of drills and restores of a bucket."""

from __future__ import annotations

from typing import Final

from runners.backup.lines import OF_EVERY_DRILL, OF_EVERY_RESTORE, Moment
from runners.runs.lines import Line, Lines


class SentinelsWritten(Line, frozen=True, kw_only=True):
    """The digest of each object of the sentinel by its key; `why` there are none."""

    step = "sentinel.done"
    digests: dict[str, str]
    why: str = ""


class SentinelsChanged(Line, frozen=True, kw_only=True):
    """Whether they were overwritten after the moment."""

    step = "change.done"
    changed: bool


class Tallied(Line, frozen=True, kw_only=True):
    """How many objects were met under each heading, and the names of the first."""

    step = "roll-back.done"
    counts: dict[str, int]
    named: dict[str, list[str]]


class Copied(Tallied, frozen=True, kw_only=True):
    """The objects of the moment, and those that were copied aside."""

    step = "restore.done"
    objects: int
    drawn: int
    seconds: float


class Compared(Tallied, frozen=True, kw_only=True):
    """The copies beside the objects of the moment, and the sentinel's digests as they were copied."""

    step = "content.done"
    objects: int
    held: int
    seconds: float
    sentinel: dict[str, str | None]


class RollingBack(Tallied, frozen=True, kw_only=True):
    """How far a rollback has come: up to this key."""

    step = "rolled-back"
    key: str


BUCKET_DRILL: Final = Lines(
    "a drill of a bucket", (SentinelsWritten, Moment, SentinelsChanged, Copied, Compared, *OF_EVERY_DRILL)
)
BUCKET_RESTORE: Final = Lines("a restore of a bucket", (RollingBack, Tallied, *OF_EVERY_RESTORE))
