"""A drill's sentinel in a table: written, changed, looked for in the restored table, taken away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from msgspec import UNSET

from runners.backup.drill import DrillRun
from runners.backup.evidence import Check, Finding
from runners.backup.tables.lines import SentinelChanged, SentinelWritten
from runners.backup.tables.sentinel import (
    as_wire,
    can_be_bound,
    changed_sentinel,
    is_whole,
    marks,
    sentinel,
    sentinel_key,
)
from runners.backup.tables.tables import Item, Tables, TableShape
from runners.errors import AwsError, InputError
from runners.runs.clock import rfc3339

_STEP: Final = "sentinel"
_DENIED: Final = ("AccessDeniedException", "AccessDenied")
_EXPECTED: Final = "the item written before the time"
_NOT_PROVEN: Final = Finding(
    what="not proven without a sentinel: that a restore brings the time that was asked for, also of a table that "
    "nobody writes to",
    advice="set ial:backup drills.sentinel to true and apply the stack",
)


@dataclass(frozen=True, kw_only=True)
class TableSentinel:
    """One item of the table; `wanted` is whether one is written at all."""

    tables: Tables
    table: str
    wanted: bool

    def write(self, run: DrillRun, source: TableShape) -> SentinelWritten:
        """Writes it. Of a table whose keys a role cannot be bound to, a refusal is told and not an error.

        Raises:
            InputError: there is an item of that key that is not the drill's.
            AwsError: it could not be written.
        """
        at = rfc3339(run.clock.now())
        key = dict(as_wire(sentinel_key(source, run.id)))
        try:
            self._put(run, source, sentinel(source, run.id, at))
        except AwsError as error:
            if error.code not in _DENIED or can_be_bound(source):
                raise
            return SentinelWritten(at=at, key=key, refused=str(error))
        return SentinelWritten(at=at, key=key)

    def change(self, run: DrillRun, source: TableShape) -> SentinelChanged:
        """Overwrites it.

        Raises:
            InputError: the item has become somebody else's.
            AwsError: it could not be written.
        """
        at = rfc3339(run.clock.now())
        self._put(run, source, changed_sentinel(source, run.id, at))
        return SentinelChanged(at=at)

    def remove(self, run: DrillRun, source: TableShape) -> None:
        """Deletes it, if it may be there and is the run's.

        Raises:
            AwsError: it could not be deleted.
        """
        if run.began(_STEP) is not None and self._refused(run) is None:
            self.tables.delete_item(self.table, sentinel_key(source, run.id), only=marks(run.id))

    @staticmethod
    def is_written(run: DrillRun) -> bool:
        """Whether the run has written it."""
        written = run.result(SentinelWritten)
        return written is not None and written.refused is UNSET

    @staticmethod
    def _refused(run: DrillRun) -> str | None:
        """Why AWS refused it; None when it did not, or was not asked."""
        written = run.result(SentinelWritten)
        return None if written is None or written.refused is UNSET else written.refused

    def check(self, run: DrillRun, source: TableShape, copy: str) -> None:
        """Whether the restored table has it as it was at the time, or that nobody can know."""
        if not self.wanted:
            run.finding(_NOT_PROVEN)
            return
        if not self.is_written(run):
            refused = self._refused(run) or ""
            detail = (
                f"{refused}; its partition key is no text, to which a role could be bound: set drills.sentinel to false"
            )
            run.check(Check(name=_STEP, ok=None, expected=_EXPECTED, observed="not written", detail=detail))
            return
        item = self.tables.get(copy, sentinel_key(source, run.id))
        whole = is_whole(item, run.id)
        seen = "it, unchanged" if whole else "it, changed" if item else "nothing"
        run.check(Check(name=_STEP, ok=whole, expected=_EXPECTED, observed=seen))

    def _put(self, run: DrillRun, source: TableShape, item: Item) -> None:
        if not self.tables.put(self.table, item, key=source.key_names[0], over=marks(run.id)):
            msg = f"table {self.table} has an item with the key of the sentinel that is not the drill's; drill again"
            raise InputError(msg)
