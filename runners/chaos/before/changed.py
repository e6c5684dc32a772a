"""Whether something of the stack is what was applied, by fingerprints. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from runners.chaos.before.reasons import ChaosReason
from runners.runs.reason import Obstacle


@dataclass(frozen=True, kw_only=True)
class Changed:
    """The reasons of one such thing, each of which names it as `name`."""

    unknown: ChaosReason
    missing: ChaosReason
    changed: ChaosReason

    def obstacles(self, name: str, seen: str | None, applied: str, why: str | None) -> Iterator[Obstacle]:
        """What stands against it: `seen` is empty when it is not there, None when it was not read, and `why` not."""
        if seen is None:
            yield self.unknown.unread(why, name=name)
        elif not seen:
            yield self.missing.against(name=name)
        elif seen != applied:
            yield self.changed.against(name=name)
