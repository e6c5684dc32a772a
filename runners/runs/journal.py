"""The journal of one run: a JSON line for each step, on disk before the step has any effect."""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from contract.reading.json_text import read_json
from contract.reading.numbers import plain_number
from contract.redaction import SECRETS
from contract.run_log import Step
from contract.writing.errors import WritingError, told
from contract.writing.files import PRIVATE_FILE, private_file, private_folder, sync_folder
from runners.errors import JournalError, JournalHeldError
from runners.runs.clock import Clock, rfc3339
from runners.runs.lines import Line
from runners.runs.run_log import note

VERSION: Final = 1


@dataclass(frozen=True)
class Entry:
    """One line: its number from 1, when it was written, the step, and what belongs to it."""

    number: int
    at: str
    step: str
    data: Mapping[str, Any]


class Journal:
    """An open journal. One process at a time writes it; `entries` holds what is on disk."""

    def __init__(self, path: Path, clock: Clock, file: IO[bytes], entries: list[Entry]) -> None:
        self.path, self.entries = path, entries
        self._clock, self._file = clock, file
        self._length = os.fstat(file.fileno()).st_size

    @classmethod
    def create(cls, path: Path, clock: Clock) -> Journal:
        """A new journal.

        Raises:
            JournalError: one of that name exists, or it cannot be written.
        """
        try:
            private_folder(path.parent)
            file = os.fdopen(private_file(path, os.O_RDWR | os.O_CREAT | os.O_EXCL), "r+b")
            _lock(path, file)
            sync_folder(path.parent)
        except (OSError, WritingError) as error:
            why = told(error) if isinstance(error, OSError) else error
            msg = f"{path}: a journal cannot be started here: {why}; nothing was done"
            raise JournalError(msg) from error
        return cls(path, clock, file, [])

    @classmethod
    def reopen(cls, path: Path, clock: Clock) -> Journal:
        """The journal of a run that ended early, ready to be continued; half a last line is cut off.

        Raises:
            JournalHeldError: another process drives the run.
            JournalError: there is none, or a line is not a journal's.
        """
        try:
            file = path.open("r+b")
        except OSError as error:
            raise JournalError(told(error, path)) from error
        _lock(path, file)
        try:
            whole = file.read()
            kept = whole[: whole.rfind(b"\n") + 1]
            entries = _entries(path, kept)
            file.truncate(len(kept))
            os.fchmod(file.fileno(), PRIVATE_FILE)
        except OSError as error:
            file.close()
            raise JournalError(told(error, path)) from error
        except JournalError:
            file.close()
            raise
        return cls(path, clock, file, entries)

    def write(self, step: str, **data: Any) -> Entry:
        """Adds a line; when this returns, the line survives a crash of the machine.

        Raises:
            JournalError: it could not be written: what was to follow must not be done.
        """
        entry = Entry(len(self.entries) + 1, rfc3339(self._clock.now()), step, SECRETS.redacted_data(data))
        line = {"version": VERSION, "number": entry.number, "at": entry.at, "step": step, "data": entry.data}
        try:
            self._append(json.dumps(line, separators=(",", ":")).encode() + b"\n")
        except OSError as error:
            msg = f"{self.path}: the journal cannot be written: {error.strerror}; free some space and resume the run"
            raise JournalError(msg) from error
        self.entries.append(entry)
        note(logging.INFO, Step(number=entry.number, step=step), f"step {step}")
        return entry

    def add(self, line: Line) -> Entry:
        """As `write`, of a line that has a type.

        Raises:
            JournalError: it could not be written: what was to follow must not be done.
        """
        return self.write(line.step_of(), **line.data())

    def try_add(self, line: Line) -> str | None:
        """As `try_write`, of a line that has a type."""
        return self.try_write(line.step_of(), **line.data())

    def try_write(self, step: str, **data: Any) -> str | None:
        """Adds a line to what must be done even if it cannot be written down, such as undoing; says why it was not."""
        try:
            self.write(step, **data)
        except JournalError as error:
            return str(error)
        return None

    def _append(self, line: bytes) -> None:
        # What an earlier write that failed has left must not stand before this line.
        handle, end = self._file.fileno(), self._length
        os.ftruncate(handle, end)
        while line:
            written = os.pwrite(handle, line, end)
            line, end = line[written:], end + written
        os.fsync(handle)
        self._length = end

    def last(self, step: str) -> Entry | None:
        """The newest line of a step."""
        return next((entry for entry in reversed(self.entries) if entry.step == step), None)

    def close(self) -> None:
        """Lets another process continue."""
        self._file.close()


@contextlib.contextmanager
def closing(journal: Journal) -> Iterator[Journal]:
    """The journal, closed at the end of the block."""
    try:
        yield journal
    finally:
        journal.close()


def read_entries(path: Path) -> list[Entry]:
    """The lines of a journal, without opening it for writing; half a last line is left out.

    Raises:
        JournalError: there is none, or a line is not a journal's.
    """
    try:
        whole = path.read_bytes()
    except OSError as error:
        msg = f"{path}: {error.strerror}"
        raise JournalError(msg) from error
    return _entries(path, whole[: whole.rfind(b"\n") + 1])


def _entries(path: Path, text: bytes) -> list[Entry]:
    return [_entry(path, number, line) for number, line in enumerate(text.splitlines(), 1)]


def _entry(path: Path, number: int, text: bytes) -> Entry:
    try:
        line: Any = read_json(text.decode(), str(path), plain_number).data
        version, given, at, step, data = (line[key] for key in ("version", "number", "at", "step", "data"))
    except (ValueError, KeyError, TypeError):
        msg = f"{path}: line {number} is not a journal line; accepted: what ial wrote, unchanged"
        raise JournalError(msg) from None
    if version != VERSION or given != number or not isinstance(step, str) or not isinstance(data, dict):
        msg = f"{path}: line {number}: version {version!r}, number {given!r}; accepted: {VERSION} and {number}"
        raise JournalError(msg)
    return Entry(number, str(at), step, data)


def _lock(path: Path, file: IO[bytes]) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        msg = f"{path}: another process drives this run; wait for it, or stop it first"
        raise JournalHeldError(msg) from None
