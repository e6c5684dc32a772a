"""What drills would do, cost and take, without doing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from contract.parts import plain
from runners.backup.drill import Cost, Drill
from runners.backup.drill_plan_document import (
    DrillCost,
    LeftOutDocument,
    PlanExit,
    PlannedDrillDocument,
    PlannedDrillsDocument,
    PlannedReads,
)
from runners.backup.evidence import Kind
from runners.exit_codes import ExitCode
from runners.runs.reason import Obstacle


@dataclass(frozen=True, kw_only=True)
class PlannedDrill:
    """One drill; `obstacles` say why it cannot run now."""

    kind: Kind
    resource: str
    cost: Cost
    obstacles: tuple[Obstacle, ...]

    def told(self) -> PlannedDrillDocument:
        """For machines."""
        cost = self.cost
        return PlannedDrillDocument(
            kind=self.kind,
            resource=self.resource,
            cost=DrillCost(
                usd=None if cost.usd is None else str(cost.usd), lines=tuple(cost.lines), unknown=tuple(cost.unknown)
            ),
            reads=PlannedReads(**{of: reading.told() for of, reading in cost.reads.items()}),
            obstacles=tuple(str(held) for held in self.obstacles),
            codes=tuple(held.code for held in self.obstacles),
        )


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
        """For machines."""
        document = PlannedDrillsDocument(
            stack=self.stack,
            drills=tuple(drill.told() for drill in self.drills),
            left_out=tuple(LeftOutDocument(resource=resource, reason=reason) for resource, reason in self.left_out),
            exit_code=cast("PlanExit", int(self.exit_code)),
        )
        return plain(document)


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
