"""The document of `ial backup reap`. `make schemas` makes its schema from it."""

from __future__ import annotations

from typing import Literal

from contract.parts import RecordPart

LeftoverKind = Literal["table", "database", "sentinel", "item", "copies"]
ReapExit = Literal[0, 7]


class LeftoverDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """A leftover.

    Attributes:
        kind: What it is.
        name: Its name.
        run: The run that made it.
        age_seconds: Since the run began.
        removed: null when nobody asked, or when it must stay.
        why: Why it stays.
    """

    kind: LeftoverKind
    name: str
    run: str
    age_seconds: int
    removed: bool | None
    why: str


class ReapDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """What drills left behind.

    Attributes:
        version: Version of this document.
        stack: The stack.
        leftovers: Each leftover.
        exit_code: What the shell is told.
    """

    version: Literal[1] = 1
    stack: str
    leftovers: tuple[LeftoverDocument, ...]
    exit_code: ReapExit
