"""The document of `ial down`. `make schemas` makes its schema from it."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta

from contract.parts import RecordPart
from preview.engines import Engine
from runners.kept.kept import KINDS, OTHER

VERSION: Final = 2
State = Literal["kept", "deleted", "not-deleted"]
Number = Annotated[int, Meta(ge=0)]
# By the table of what holds data.
KeptKind = Annotated[str, Meta(extra_json_schema={"enum": [*dict.fromkeys(KINDS), OTHER]})]
UsedEngine = Annotated[str, Meta(extra_json_schema={"enum": [Engine.LOCAL, Engine.PULUMI]})]
DownExit = Literal[0, 7]


class KeptDocument(RecordPart, frozen=True, kw_only=True):
    """A resource that holds data, or that data needs.

    Attributes:
        kind: What it is; `other` is what no command deletes.
        name: Its name.
        state: `kept` as by default, `deleted` with --delete-data, or `not-deleted` although it was asked for.
        holds: What was in it, for people; empty when it is not known.
        bytes: Bytes in it; null when not known without reading all of it.
        why: Why it was not deleted, or cannot be; empty otherwise.
    """

    kind: KeptKind
    name: str
    state: State
    holds: str
    bytes: Number | None
    why: str


class DownDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """What was deleted, and what was not because it holds data.

    Attributes:
        version: Version of this document.
        stack: The stack.
        engine: The engine.
        done: Whether the stack was taken down; false when it was not agreed to.
        deleted: Resources deleted.
        kept: Each resource that holds data, or that data needs, and what became of it.
        exit_code: 0, or 7 when something that was to be deleted is still there.
    """

    version: Literal[2] = VERSION
    stack: str
    engine: UsedEngine
    done: bool
    deleted: Number
    kept: tuple[KeptDocument, ...]
    exit_code: DownExit
