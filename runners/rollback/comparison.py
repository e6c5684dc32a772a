"""What runs now beside what last passed: each part of the workload, and what that says together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runners.rollback.decision import Difference, Underway
from runners.rollback.kind import Change, Kind, Move
from runners.rollback.version import Version

Versions = Mapping[tuple[str, str], Version]


@dataclass(frozen=True)
class Part:
    """One part: what runs, what failed, what passed, and the change that is under way."""

    kind: Kind
    now: Version
    failed: Version | None
    good: Version | None
    move: Move | None

    def __str__(self) -> str:
        return f"{self.kind.kind} {self.kind.name}"

    @property
    def difference(self) -> Difference:
        """What this part alone says."""
        if self.failed is None or self.good is None:
            return Difference.UNKNOWN
        moved, same = self.now.same_as(self.failed), self.now.same_as(self.good)
        if moved is None or same is None:
            return Difference.UNKNOWN
        return Difference.MOVED if not moved else Difference.SAME if same else Difference.OTHER

    @property
    def underway(self) -> Underway:
        """Whether its version is being changed, and by what: another deployment of the same version is not its own."""
        if self.move is None:
            return Underway.NONE
        tested = None if self.failed is None else self.failed.deployment
        own = self.move.id == tested and self.move.to is not None and self.move.to == self.now.running
        return Underway.OWN if own else Underway.FOREIGN

    def change(self, token: str = "") -> Change:
        """Back to what passed. Only for parts that differ."""
        assert self.good is not None
        return Change(good=self.good, bad=self.now, token=token)

    def document(self) -> dict[str, Any]:
        """For machines."""
        return {
            "kind": self.kind.kind,
            "name": self.kind.name,
            "now": self.now.document(),
            "good": None if self.good is None else self.good.document(),
            "difference": str(self.difference),
            "underway": str(self.underway),
            "switchedOn": self.kind.part.rollback is not None,
        }


def compared(kinds: Mapping[tuple[str, str], Kind], failed: Versions, good: Versions | None) -> list[Part]:
    """Reads what runs, and what is being changed.

    Raises:
        AwsError: whether something is being changed could not be read.
    """
    return [
        Part(kind, kind.version(), failed.get(key), None if good is None else good.get(key), kind.move())
        for key, kind in kinds.items()
    ]


def difference_of(parts: list[Part], *, ever_passed: bool) -> Difference:
    """What all parts say together: what is not known of one of them is not known of the whole."""
    if not ever_passed:
        return Difference.NEVER_PASSED
    found = {part.difference for part in parts}
    for decisive in (Difference.UNKNOWN, Difference.MOVED, Difference.OTHER):
        if decisive in found:
            return decisive
    return Difference.SAME if found else Difference.UNKNOWN


def underway_of(parts: list[Part]) -> Underway:
    """Any change of somebody else's counts."""
    found = {part.underway for part in parts}
    return next((state for state in (Underway.FOREIGN, Underway.OWN) if state in found), Underway.NONE)
