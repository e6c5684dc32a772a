"""The runs of one kind: those of this month and the last in the stack's table, and those with a journal here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from contract.run_table import collection
from runners.errors import JournalError
from runners.runs.clock import Clock
from runners.runs.journal import Entry, read_entries
from runners.runs.records import Records
from runners.runs.run_folder import Runs

# What reading a journal ends with that no version of this program wrote; what msgspec refuses is a ValueError.
DAMAGED: Final = (JournalError, LookupError, TypeError, ValueError, AttributeError)
Say = Callable[[str], object]
T = TypeVar("T")


def run_history(
    found: Mapping[str, T], runs: Runs, say: Say, in_journal: Callable[[Sequence[Entry]], T | None]
) -> tuple[T, ...]:
    """Newest first: `found` is what the table knows, over which goes what a journal says of a run of this kind.

    A run that was cut off has no verdict in the table yet: its journal says how far it came. A journal that is damaged
    costs its own run: that is said, and what the table knows of it stays.
    """
    known = dict(found)
    for run in runs.all():
        try:
            entries = read_entries(runs.journal(run))
            told = in_journal(entries) if entries else None
        except DAMAGED as error:
            place = "" if isinstance(error, JournalError) else f"{runs.journal(run)}: {type(error).__name__}: "
            say(f"run {run} is left out, its journal is damaged: {place}{error}")
            continue
        if told is not None:
            known[run] = told
    return tuple(known[run] for run in sorted(known, reverse=True))


def recent_items(records: Records, kind: str, clock: Clock) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What the table has of the runs of this month and the last.

    Raises:
        AwsError: the table could not be read.
    """
    for month in recent_months(clock.now()):
        yield from records.all(collection(kind, month)).items()


def recent_months(now: datetime) -> tuple[str, str]:
    """This month and the last, in UTC as runs are named, such as 2026-11 and 2026-10."""
    today = now.astimezone(UTC)
    return f"{today:%Y-%m}", f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"
