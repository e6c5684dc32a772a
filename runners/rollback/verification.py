"""Whether what the last rollback put in place still runs, and is still held. Reads, changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from runners.exit_codes import ExitCode
from runners.rollback.hold import Hold
from runners.rollback.kind import Kind
from runners.rollback.version import Version


@dataclass(frozen=True, kw_only=True)
class Verified:
    """One rollback, part by part. A part is `back` when the version runs that was to come back; None is not known."""

    run: str
    parts: tuple[Mapping[str, Any], ...]

    @property
    def exit_code(self) -> ExitCode:
        """0 when every part runs what it should."""
        return ExitCode.OK if all(part["back"] is True for part in self.parts) else ExitCode.REFUSED

    def document(self) -> dict[str, Any]:
        """For machines."""
        return {"version": 1, "run": self.run, "parts": list(self.parts), "exitCode": int(self.exit_code)}


def verified(
    record: Mapping[str, Any], kinds: Mapping[tuple[str, str], Kind], holds: Sequence[Hold], now: datetime
) -> Verified:
    """Looks at each part of a rollback's record."""
    held = {(hold.kind, hold.name): hold for hold in holds if hold.active(now)}
    found = [_part(part, kinds.get((part["kind"], part["name"])), held) for part in record["parts"]]
    return Verified(run=record["run"], parts=tuple(found))


def _part(part: Mapping[str, Any], kind: Kind | None, held: Mapping[tuple[str, str], Hold]) -> Mapping[str, Any]:
    key = (part["kind"], part["name"])
    version = Version(kind=key[0], name=key[1], unread="the stack does not watch it any more")
    version = version if kind is None else kind.version()
    hold = held.get(key)
    return {
        "kind": key[0],
        "name": key[1],
        "wanted": part["to"],
        "running": version.running,
        "unread": version.unread,
        "back": version.same_as(Version.read(part["good"])),
        "heldUntil": None if hold is None else hold.until,
    }
