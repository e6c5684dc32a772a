"""The lines of drills and restores of a database."""

from __future__ import annotations

from typing import Final

from runners.backup.lines import OF_EVERY_DRILL, OF_EVERY_RESTORE, Arrived, Moment
from runners.runs.lines import Line, Lines


class DatabaseMoment(Moment, frozen=True, kw_only=True):
    """The newest moment that can be restored, and how far back it is."""

    rpo_seconds: float


class DatabaseBeside(Line, frozen=True, kw_only=True):
    """The instance that is restored to, and what RDS refused of the source's settings."""

    step = "restore.done"
    database: str
    refused: str = ""


class Asked(Line, frozen=True, kw_only=True):
    """What the restored database answered; null when nothing asked it."""

    step = "probe.done"
    ok: bool | None
    said: str


class SettingsPutBack(Line, frozen=True, kw_only=True):
    """What RDS refused of what was put back."""

    step = "put-back.done"
    refused: str


class Settled(Line, frozen=True, kw_only=True):
    """Whether all of it came in time."""

    step = "settled.done"
    late: str


DATABASE_DRILL: Final = Lines(
    "a drill of a database", (DatabaseMoment, DatabaseBeside, Arrived, Asked, *OF_EVERY_DRILL)
)
DATABASE_RESTORE: Final = Lines(
    "a restore of a database", (DatabaseBeside, Arrived, SettingsPutBack, Settled, *OF_EVERY_RESTORE)
)
