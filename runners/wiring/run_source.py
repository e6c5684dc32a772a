"""Where the documents of a stack's runs are: its archive, its table, and the journals that this machine alone knows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Final, Protocol

from contract.run_table import CHAOS, DRILLS, EXECUTIONS, collection
from contract.writing.errors import WritingError
from runners.chaos.control.control_record import control_record
from runners.chaos.control.life_cycle import CONTROLS
from runners.chaos.control.lines import TYPE as CONTROL
from runners.errors import AwsError
from runners.rollback.consideration import ROLLBACKS
from runners.runs.clock import Clock
from runners.runs.journal import Entry, read_entries
from runners.runs.records import Kept, Records
from runners.runs.run_folder import Runs, months, name_at
from runners.runs.run_history import DAMAGED
from runners.runs.steps import ENDED, STARTED
from runners.suites.life_cycle import SUITES
from runners.suites.lines import TYPE as SUITE

_COLLECTIONS: Final = (CHAOS, DRILLS, CONTROLS, SUITES, ROLLBACKS, EXECUTIONS)
Document = Mapping[str, Any] | bytes


class Archived(Protocol):
    """Where whole months of documents are."""

    def documents(self, since: datetime) -> Iterator[tuple[str, bytes]]:
        """Each run that began since then, with its name."""


@dataclass(frozen=True)
class StackRuns:
    """The runs of one stack. `open_runs` are those that have not ended, which say nothing yet.

    What the archive has is not read from the table again: the record of a run that ended is the same in both.
    """

    runs: Runs
    records: Records | None
    clock: Clock
    archive: Archived | None = None
    say: Callable[[str], object] = lambda _: None
    open_runs: set[str] = field(default_factory=set)

    @cached_property
    def kept(self) -> Kept | None:
        """What the table has, read once: all that is told of a stack is told of one moment."""
        return None if self.records is None else self.records.snapshot()

    def documents(self, since: datetime) -> Iterator[tuple[str, Document]]:
        """Each run that began since then, once. What is damaged comes as it is, for the reader to count.

        Raises:
            AwsError: the table could not be read.
        """
        first, seen = name_at(since), set[str]()
        for run, archived in self._of_the_archive(since):
            if run not in seen:
                seen.add(run)
                yield run, archived
        for run, document in self._of_the_table(since, seen):
            if run >= first:
                seen.add(run)
                yield run, document
        for run in self.runs.all():
            if run >= first and run not in seen:
                found = self._of_a_journal(run)
                if found is not None:
                    yield run, found

    def _of_the_archive(self, since: datetime) -> Iterator[tuple[str, bytes]]:
        """What can be read of it: the table has the rest."""
        if self.archive is None:
            return
        try:
            yield from self.archive.documents(since)
        except (AwsError, WritingError) as error:
            self.say(f"the archive of runs could not be read, and the table is asked instead: {error}")

    def _of_the_table(self, since: datetime, seen: Collection[str]) -> Iterator[tuple[str, Document]]:
        if self.kept is None:
            return
        for month in months(since, self.clock.now()):
            for kind in _COLLECTIONS:
                for run, item in self.kept.all(collection(kind, month)).items():
                    if run in seen:
                        continue
                    document = self.kept.get(run, "record")
                    if document is None and item.get("verdict") is None:
                        self.open_runs.add(run)
                    elif document is not None or item.get("verdict") != "refused":
                        yield run, document or {}

    def _of_a_journal(self, run: str) -> Document | None:
        """None for a run of another kind, and for one that has not ended."""
        try:
            entries = read_entries(self.runs.journal(run))
            if not any(entry.step == ENDED for entry in entries):
                self.open_runs.add(run)
                return None
            self.open_runs.discard(run)
            return _document(entries)
        except DAMAGED:
            return b""


def _document(entries: list[Entry]) -> Document | None:
    """The record that a journal tells, of the kinds of run that analysis and report take."""
    if not entries or entries[0].step != STARTED:
        return None
    begun = entries[0].data
    read = next((reader for is_one, reader in _OF_A_JOURNAL if is_one(begun)), None)
    return None if read is None else read(entries)


def _experiment(entries: list[Entry]) -> Document:
    from runners.chaos.record.record_of_run import record_of_run

    return record_of_run(entries).document()


def _drill(entries: list[Entry]) -> Document:
    from runners.backup.drill_record import record_from

    return record_from(entries).document()


def _suite(entries: list[Entry]) -> Document:
    from runners.suites.suite_record import suite_record

    return suite_record(entries).document()


def _rollback(entries: list[Entry]) -> Document:
    from runners.rollback.record import record_of_rollback

    return record_of_rollback(entries).document()


# By what a journal's first line says: those of before kinds of run named theirs are told by what they have.
_OF_A_JOURNAL: Final[tuple[tuple[Callable[[Mapping[str, Any]], bool], Callable[[list[Entry]], Document]], ...]] = (
    (lambda begun: begun.get("type") == CONTROL, lambda entries: control_record(entries).document()),
    (lambda begun: begun.get("type") == SUITE, _suite),
    (lambda begun: "rollback" in begun, _rollback),
    (lambda begun: "experiment" in begun, _experiment),
    (lambda begun: "required" in begun, _drill),
)
