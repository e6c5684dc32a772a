"""Everything that a command prints goes through the one redaction, tracebacks of `--debug` as well."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterator
from typing import Any, Final, TextIO, cast

from contract.redaction import SECRETS

_SECRET_VARIABLE: Final = re.compile(r"(^|_)(TOKEN|PASSWORD|PASSPHRASE|SECRET|SECRET_ACCESS_KEY|SECRET_KEY|API_KEY)$")
# Stand-ins such as `local` are words that texts need.
_SHORTEST: Final = 8


class RedactedStream:
    """A text stream that writes no secret, else like its own; `unredacted` takes what is redacted already."""

    def __init__(self, stream: TextIO) -> None:
        self.unredacted = stream

    def write(self, text: str) -> int:
        """Writes the text without secrets."""
        self.unredacted.write(SECRETS.redacted(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Writes each line without secrets."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.unredacted, name)


class NoteStream(RedactedStream):
    """Standard error: when nobody can read it any more, what a command does goes on, and its clean-up with it."""

    def write(self, text: str) -> int:
        """Writes the text without secrets, if it can be written."""
        with _unheeded(self.unredacted):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        """Writes what is held back, if it can be written."""
        with _unheeded(self.unredacted):
            self.unredacted.flush()


@contextlib.contextmanager
def _unheeded(stream: TextIO) -> Iterator[None]:
    try:
        yield
    except OSError:
        # What is held back would fail again at exit.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextlib.contextmanager
def redacted_streams() -> Iterator[None]:
    """Stdout and stderr without secrets, those of this process's environment included, until the end of the block."""
    SECRETS.clear()
    note_environment()
    out, err = sys.stdout, sys.stderr
    sys.stdout = cast("TextIO", RedactedStream(out or _nowhere()))
    sys.stderr = cast("TextIO", NoteStream(err or _nowhere()))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err


def _nowhere() -> TextIO:
    """For a stream that was closed before this process began."""
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123


def note_environment() -> None:
    """Notes the keys, tokens and passphrases that this process was given."""
    for name, value in os.environ.items():
        if _SECRET_VARIABLE.search(name) and len(value) >= _SHORTEST:
            SECRETS.note(value)
