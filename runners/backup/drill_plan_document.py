"""The document of `ial backup drill --plan`. `make schemas` makes its schema from it."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from contract.parts import Amount, RecordPart
from runners.backup.evidence import Kind

PlanExit = Literal[0, 3]


class ReadingDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """One table's scans.

    Attributes:
        scans: How often it is read as a whole.
        read_units: Read units of all scans, by the size that AWS last counted and a tenth.
        units_per_second: Read units a second at most; null is unpaced.
        seconds: How long that takes at least; null when nothing holds it back.
    """

    scans: int
    read_units: int
    units_per_second: float | None
    seconds: int | None


class PlannedReads(RecordPart, frozen=True, kw_only=True):
    """What is read of a table; a drill of something else reads none.

    Attributes:
        source: Of the table itself.
        copy: Of what is restored.
    """

    source: ReadingDocument | UnsetType = UNSET
    copy: ReadingDocument | UnsetType = UNSET


class DrillCost(RecordPart, frozen=True, kw_only=True):
    """At list price.

    Attributes:
        usd: At most, in USD; null is an unknown sum.
        lines: How it comes about: quantity, price and amount.
        unknown: Prices that are missing.
    """

    usd: Amount | None
    lines: tuple[str, ...]
    unknown: tuple[str, ...]


class PlannedDrillDocument(RecordPart, frozen=True, kw_only=True):
    """A drill.

    Attributes:
        kind: What would be drilled.
        resource: Its name.
        cost: What it costs.
        reads: What is read of a table.
        obstacles: Why it would be refused, and what to do.
        codes: The code of each obstacle, in the same order, as docs/preflight.md lists them.
    """

    kind: Kind
    resource: str
    cost: DrillCost
    reads: PlannedReads
    obstacles: tuple[str, ...]
    codes: tuple[str, ...]


class LeftOutDocument(RecordPart, frozen=True, kw_only=True):
    """A resource that is left out.

    Attributes:
        resource: Its name.
        reason: Why.
    """

    resource: str
    reason: str


class PlannedDrillsDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """What drills would do; nothing was done.

    Attributes:
        version: Version of this document.
        stack: The stack.
        drills: Each drill.
        left_out: What would not be drilled.
        exit_code: What the shell is told.
    """

    version: Literal[1] = 1
    stack: str
    drills: tuple[PlannedDrillDocument, ...]
    left_out: tuple[LeftOutDocument, ...]
    exit_code: PlanExit
