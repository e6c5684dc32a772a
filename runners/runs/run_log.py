"""The log of a run: a line of JSON for each call, wait and step, beside its journal, so that people see where it hangs.

It is no evidence: nothing reads it back, and a run goes on without it.
"""

from __future__ import annotations

import errno
import logging
import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from msgspec import structs, to_builtins
from msgspec.json import encode

from contract.redaction import SECRETS
from contract.run_log import Line, LogLine, Noted, Told
from contract.writing.errors import told as told_of
from contract.writing.files import private_file

LOGGER: Final = logging.getLogger("runners")
# Whether a record is shown depends on its handlers: the log takes all, the terminal what people want to see.
LOGGER.setLevel(logging.DEBUG)
# Marks a record that people are told whatever level they want, and one that is a line of the log as it is.
TOLD: Final = "told"
_LINE: Final = "line"
# Of a run of millions of calls the newest lines stay, in two files of this many bytes.
LONGEST: Final = 32 * 1024 * 1024
# What a command asks before it knows that it is a run: who signs, what was put out.
_BEFORE: Final = 1000


def note(level: int, line: LogLine, text: str) -> None:
    """Logs one line; `text` is how it reads on a terminal."""
    LOGGER.log(level, "%s", text, extra={_LINE: line})


class Backlog(logging.Handler):
    """Keeps the newest records for a run that begins later in the same command."""

    def __init__(self) -> None:
        super().__init__()
        self._held: deque[logging.LogRecord] = deque(maxlen=_BEFORE)

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps one."""
        self._held.append(record)

    def taken(self) -> list[logging.LogRecord]:
        """Everything that is held, which is held no longer."""
        held = list(self._held)
        self._held.clear()
        return held


class RunLog(logging.Handler):
    """The file of one run. What cannot be written is told once, and tried again with the next line."""

    def __init__(self, path: Path, say: Callable[[str], object]) -> None:
        super().__init__()
        self.path, self.whole = path, True
        self._say = say
        self._file: int | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Writes a line; it is with the system when this returns, whatever becomes of the process."""
        try:
            self._append(_text(record))
        except Exception as error:  # Nothing that happens here may end a run.
            first, self.whole = self.whole, False
            if first:
                why = told_of(error) if isinstance(error, OSError) else f"{type(error).__name__}: {error}"
                self._say(f"{self.path}: the run's log cannot be written: {why}; the run goes on")

    def close(self) -> None:
        """Lets go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        super().close()

    def _append(self, text: bytes) -> None:
        # One write a line: a signal's handler may log while a line is written.
        if self._file is None:
            self._file = self._opened()
        size = os.fstat(self._file).st_size
        if size and size + len(text) > LONGEST:
            os.close(self._file)
            self._file = None
            self.path.replace(self.path.with_suffix(".old.jsonl"))
            self._file, size = self._opened(), 0
        if os.write(self._file, text) < len(text):
            os.ftruncate(self._file, size)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _opened(self) -> int:
        return private_file(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW)


@contextmanager
def run_log(path: Path, say: Callable[[str], object]) -> Iterator[RunLog]:
    """The log of a run, open to the end of the block. What the command logged before is its beginning."""
    root, log = logging.getLogger(), RunLog(path, say)
    backlogs = [held for held in root.handlers if isinstance(held, Backlog)]
    for record in (record for held in backlogs for record in held.taken()):
        log.handle(record)
    root.addHandler(log)
    try:
        yield log
    finally:
        root.removeHandler(log)
        log.close()
        for held in backlogs:
            held.taken()


def _text(record: logging.LogRecord) -> bytes:
    line: Line | None = getattr(record, _LINE, None)
    if line is None:
        text = record.getMessage()
        trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else None
        shown = getattr(record, TOLD, False)
        line = Told(text=text) if shown else Noted(logger=record.name, text=text, trace=trace)
    place: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.created, UTC),
        "level": record.levelname.lower(),
        "process": record.process,
        "thread": record.threadName,
    }
    return encode(SECRETS.redacted_data(to_builtins(structs.replace(line, **place)))) + b"\n"
