"""What drills would do, cost and take, without doing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from runners.backup.drill import Cost, Drill
from runners.backup.evidence import Kind
from runners.exit_codes import ExitCode
from runners.runs.reason import Obstacle

VERSION: Final = 1


@dataclass(frozen=True, kw_only=True)
class PlannedDrill:
    """One drill; `obstacles` say why it cannot run now."""

    kind: Kind
    resource: str
    cost: Cost
    obstacles: tuple[Obstacle, ...]

    def document(self) -> dict[str, Any]:
        """For machines."""
        return {
            "kind": str(self.kind),
            "resource": self.resource,
            "cost": {
                "usd": None if self.cost.usd is None else str(self.cost.usd),
                "lines": list(self.cost.lines),
                "unknown": list(self.cost.unknown),
            },
            "reads": {of: reading.document() for of, reading in self.cost.reads.items()},
            "obstacles": [str(held) for held in self.obstacles],
            "codes": [held.code for held in self.obstacles],
        }


@dataclass(frozen=True, kw_only=True)
class PlannedDrills:
    """Several of them, and what is left out with the reason."""

    stack: str
    drills: tuple[PlannedDrill, ...]
    left_out: tuple[tuple[str, str], ...]

    @property
    def exit_code(self) -> ExitCode:
        """3 when one of them would be refused."""
        return ExitCode.NOT_STARTED if any(drill.obstacles for drill in self.drills) else ExitCode.OK

    def document(self) -> dict[str, Any]:
        """For machines, as `schemas/backup-drill-plan.schema.json` describes it."""
        return {
            "version": VERSION,
            "stack": self.stack,
            "drills": [drill.document() for drill in self.drills],
            "leftOut": [{"resource": resource, "reason": reason} for resource, reason in self.left_out],
            "exitCode": int(self.exit_code),
        }


def planned(stack: str, drills: Sequence[Drill], left_out: Sequence[tuple[str, str]]) -> PlannedDrills:
    """Asks each drill. Reads, changes nothing.

    Raises:
        RunnerError: something could not be read or priced.
    """
    found = (
        PlannedDrill(kind=drill.kind, resource=drill.resource, cost=drill.cost(), obstacles=tuple(drill.obstacles()))
        for drill in drills
    )
    return PlannedDrills(stack=stack, drills=tuple(found), left_out=tuple(left_out))
