"""Whether what the last rollback put in place still runs, and is still held. Reads, changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from contract.parts import RecordPart, plain
from runners.exit_codes import ExitCode
from runners.rollback.hold import Hold
from runners.rollback.kind import Kind
from runners.rollback.version import Version


class VerifiedPart(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """A part that was rolled back.

    Attributes:
        kind: What kind of version it has.
        name: Its name.
        wanted: The version that was to come back; null is not known.
        running: The version that runs; null is not known.
        unread: Why that is not known.
        back: Whether the version runs that was put in place; null is not known.
        held_until: Until when it is held there; null when it is not.
    """

    kind: str
    name: str
    wanted: str | None
    running: str | None
    unread: str | None
    back: bool | None
    held_until: str | None


class VerifiedRollback(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """The answer of `ial rollback verify --json`.

    Attributes:
        version: Version of this document.
        run: The rollback's run.
        parts: What became of each part.
        exit_code: What the shell is told.
    """

    version: Literal[1] = 1
    run: str
    parts: tuple[VerifiedPart, ...]
    exit_code: int


@dataclass(frozen=True, kw_only=True)
class Verified:
    """One rollback, part by part."""

    run: str
    parts: tuple[VerifiedPart, ...]

    @property
    def exit_code(self) -> ExitCode:
        """0 when every part runs what it should."""
        return ExitCode.OK if all(part.back is True for part in self.parts) else ExitCode.REFUSED

    def document(self) -> dict[str, Any]:
        """For machines."""
        return plain(VerifiedRollback(run=self.run, parts=self.parts, exit_code=int(self.exit_code)))


def verified(
    record: Mapping[str, Any], kinds: Mapping[tuple[str, str], Kind], holds: Sequence[Hold], now: datetime
) -> Verified:
    """Looks at each part of a rollback's record."""
    held = {(hold.kind, hold.name): hold for hold in holds if hold.active(now)}
    found = [_part(part, kinds.get((part["kind"], part["name"])), held) for part in record["parts"]]
    return Verified(run=record["run"], parts=tuple(found))


def _part(part: Mapping[str, Any], kind: Kind | None, held: Mapping[tuple[str, str], Hold]) -> VerifiedPart:
    key = (part["kind"], part["name"])
    version = Version(kind=key[0], name=key[1], unread="the stack does not watch it any more")
    version = version if kind is None else kind.version()
    hold = held.get(key)
    return VerifiedPart(
        kind=key[0],
        name=key[1],
        wanted=part["to"],
        running=version.running,
        unread=version.unread,
        back=version.same_as(Version.read(part["good"])),
        held_until=None if hold is None else hold.until,
    )
