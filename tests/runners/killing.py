"""What the death of a process or a full disk leaves: after one line of the journal nothing works any more."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from runners.runs.journal import Journal


class Killed(BaseException):
    """No handler catches it, as none runs in a process that was killed."""


def die_after(monkeypatch: pytest.MonkeyPatch, line: int | str, cleaner: Any, go: Callable[[], object]) -> None:
    """Runs until a line, by number or step, is on disk; then nothing is written, nor cleaned up by the `cleaner`."""
    write, clean_up, dead = Journal.write, cleaner.clean_up, False

    def killing(journal: Journal, step: str, **data: Any) -> Any:
        nonlocal dead
        if dead:
            raise Killed
        entry = write(journal, step, **data)
        if line in (entry.number, entry.step):
            dead = True
            raise Killed
        return entry

    def cleaning(*given: Any) -> Any:
        if dead:
            raise Killed
        return clean_up(*given)

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "write", killing)
        patch.setattr(cleaner, "clean_up", cleaning)
        with pytest.raises(Killed):
            go()


def disk_is_full(patch: pytest.MonkeyPatch, step: str) -> None:
    """From the first line of a step on, nothing can be written any more."""
    write, full = os.pwrite, False

    def pwrite(handle: int, line: bytes, at: int) -> int:
        nonlocal full
        full = full or f'"step":"{step}"'.encode() in line
        if full:
            raise OSError(28, "No space left on device")
        return write(handle, line, at)

    patch.setattr(os, "pwrite", pwrite)
