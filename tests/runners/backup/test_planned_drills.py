from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

import pytest

from contract.parts import plain
from runners.backup.drill import Cost, Drill
from runners.backup.evidence import Kind
from runners.backup.planned_drills import planned
from runners.backup.reasons import DrillReason
from runners.backup.tables.reading import Reading
from runners.exit_codes import ExitCode
from runners.runs.reason import Obstacle

READING = Reading(scans=2, units=100, rate=None)


@dataclass
class Asked:
    """What is asked of a drill before it is run."""

    resource: str
    held: Cost
    against: tuple[Obstacle, ...] = ()
    kind: Kind = Kind.TABLE

    def cost(self) -> Cost:
        return self.held

    def obstacles(self) -> list[Obstacle]:
        return list(self.against)


def plan(*drills: Asked, left_out: tuple[tuple[str, str], ...] = ()) -> Any:
    return planned("dev", [cast(Drill, drill) for drill in drills], left_out)


OFF = DrillReason.RECOVERY_OFF.against(table="carts")
PRICED = Asked("orders", Cost(usd=Decimal("0.075"), lines=("0.50 GB",), reads={"source": READING}))
UNPRICED = Asked("carts", Cost(usd=None, lines=(), unknown=("dynamodb.restore",)), (OFF,))


def test_the_document_of_drills() -> None:
    assert plan(PRICED, UNPRICED, left_out=(("shop-db", "its engine"),)).document() == {
        "version": 1,
        "stack": "dev",
        "drills": [
            {
                "kind": "table",
                "resource": "orders",
                "cost": {"usd": "0.075", "lines": ["0.50 GB"], "unknown": []},
                "reads": {"source": plain(READING.told())},
                "obstacles": [],
                "codes": [],
            },
            {
                "kind": "table",
                "resource": "carts",
                "cost": {"usd": None, "lines": [], "unknown": ["dynamodb.restore"]},
                "reads": {},
                "obstacles": [str(OFF)],
                "codes": ["recovery-off"],
            },
        ],
        "leftOut": [{"resource": "shop-db", "reason": "its engine"}],
        "exitCode": 3,
    }


@pytest.mark.parametrize(
    ("drills", "code"),
    [((), ExitCode.OK), ((PRICED,), ExitCode.OK), ((PRICED, UNPRICED), ExitCode.NOT_STARTED)],
)
def test_one_drill_that_would_be_refused_is_told_by_the_code(drills: tuple[Asked, ...], code: ExitCode) -> None:
    assert plan(*drills).exit_code is code
