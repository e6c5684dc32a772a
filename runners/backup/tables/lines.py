"""The lines of drills and restores of a table."""

from __future__ import annotations

from typing import Any, Final

from msgspec import UNSET, UnsetType, field

from runners.backup.lines import OF_EVERY_DRILL, OF_EVERY_RESTORE, Arrived, Moment
from runners.runs.lines import Line, Lines


class SentinelWritten(Line, frozen=True, kw_only=True):
    """The item that the restored table must have; `refused` says why there is none."""

    step = "sentinel.done"
    at: str
    key: dict[str, Any]
    refused: str | UnsetType = UNSET


class Scanned(Line, frozen=True, kw_only=True):
    """What a reading of the whole table found; null units a second are without a limit."""

    step = "before.done"
    items: int
    digest: str
    read_units: float
    units_per_second: float | None


class ScannedAgain(Scanned, frozen=True, kw_only=True):
    """The same, right after the moment."""

    step = "after.done"


class ScannedCopy(Scanned, frozen=True, kw_only=True):
    """The same, of the restored table."""

    step = "content.done"


class SentinelChanged(Line, frozen=True, kw_only=True):
    """It was overwritten after the moment."""

    step = "sentinel-changed.done"
    at: str


class Restorable(Line, frozen=True, kw_only=True):
    """The moment can be restored, by so much later."""

    step = "restorable.done"
    rpo_seconds: float


class TableBeside(Line, frozen=True, kw_only=True):
    """The table that is restored to."""

    step = "restore.done"
    table: str


class SettingsCompared(Line, frozen=True, kw_only=True):
    """How many settings the restore lost."""

    step = "lost.done"
    found: int


class SettingsKept(Line, frozen=True, kw_only=True):
    """Every setting of the source, as it was described."""

    step = "settings.done"
    table: str
    arn: str
    answers: dict[str, Any]
    unknown: dict[str, str] = field(default_factory=dict)


class ItemsCounted(Line, frozen=True, kw_only=True):
    """How many items were restored, and how many of them have expired."""

    step = "count.done"
    items: int
    digest: str
    expired: int


class PutBack(Line, frozen=True, kw_only=True):
    """One part of the settings, and why AWS refused it, if it did."""

    step = "put *.done"
    part: str
    refused: str | UnsetType = UNSET


TABLE_DRILL: Final = Lines(
    "a drill of a table",
    (
        SentinelWritten,
        Scanned,
        Moment,
        ScannedAgain,
        SentinelChanged,
        Restorable,
        TableBeside,
        Arrived,
        ScannedCopy,
        SettingsCompared,
        *OF_EVERY_DRILL,
    ),
)
TABLE_RESTORE: Final = Lines(
    "a restore of a table", (SettingsKept, TableBeside, Arrived, ItemsCounted, PutBack, *OF_EVERY_RESTORE)
)
