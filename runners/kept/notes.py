"""What a stack kept, on disk before it is taken down: the state that knew it goes with the stack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

from runners.kept.kept import OTHER, Kept
from runners.kept.lines import KeptDeleting, KeptFound, KeptGone
from runners.runs.clock import Clock
from runners.runs.journal import Entry, Journal, closing

FILE: Final = "kept.jsonl"


class Notes:
    """The journal `.ial/STACK/kept.jsonl`. One process at a time has it open, so that two cannot take a stack down."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    @classmethod
    @contextmanager
    def open(cls, folder: Path, stack: str, clock: Clock) -> Iterator[Self]:
        """Opens or starts the journal.

        Raises:
            JournalError: another process has it, or it cannot be written or read.
        """
        path = folder / ".ial" / stack / FILE
        journal = Journal.reopen(path, clock) if path.exists() else Journal.create(path, clock)
        with closing(journal):
            yield cls(journal)

    def left(self) -> set[Kept]:
        """What was found at some time, and was not seen to be gone since."""
        found: set[Kept] = set()
        for entry in self._journal.entries:
            if entry.step == KeptFound.step:
                found |= {Kept(**held) for held in entry.data["kept"]}
            elif entry.step == KeptGone.step:
                found.discard(_kept(entry))
        return found

    def found(self, kept: Iterable[Kept]) -> None:
        """Before the stack is touched. What no command deletes is not noted: nobody would see its end."""
        left = self.left()
        new = [held for held in dict.fromkeys(kept) if held.kind != OTHER and held not in left]
        if new:
            self._journal.add(KeptFound(kept=[_plain(held) for held in new]))

    def deleting(self, held: Kept) -> None:
        """Before anything of it is deleted."""
        self._journal.add(KeptDeleting(**_plain(held)))

    def gone(self, held: Kept) -> None:
        """It is not there any more."""
        if held in self.left():
            self._journal.add(KeptGone(**_plain(held)))


def _plain(held: Kept) -> dict[str, str]:
    return {"kind": held.kind, "name": held.name, "environment": held.environment}


def _kept(entry: Entry) -> Kept:
    return Kept(**entry.data)
