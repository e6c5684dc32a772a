"""What the death of a process leaves, without a process: after one line of the journal nothing works any more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from runners.backup.drill import DrillRun
from runners.journal import Journal


class Killed(BaseException):
    """No handler catches it, as none runs in a process that was killed."""


def die_after(monkeypatch: pytest.MonkeyPatch, line: int, drill: type, go: Callable[[], object]) -> None:
    """Runs a drill until a line is on disk; from then on it neither writes nor cleans up."""
    kind: Any = drill
    write, clean_up, dead = Journal.write, kind.clean_up, False

    def killing(journal: Journal, step: str, **data: Any) -> Any:
        nonlocal dead
        if dead:
            raise Killed
        entry = write(journal, step, **data)
        if entry.number == line:
            dead = True
            raise Killed
        return entry

    def cleaning(held: Any, run: DrillRun) -> Any:
        if dead:
            raise Killed
        return clean_up(held, run)

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "write", killing)
        patch.setattr(kind, "clean_up", cleaning)
        with pytest.raises(Killed):
            go()
