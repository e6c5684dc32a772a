"""The published schemas of fleets, made from their structs: `python -m runners.fleet.schema` writes them."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from contract.schema import write
from runners.fleet.model import FleetPlan, FleetReport

# By file, the struct and the title.
PUBLISHED: Final[dict[str, tuple[type[Struct], str]]] = {
    "fleet-plan.schema.json": (FleetPlan, "State machines of a fleet"),
    "fleet-report.schema.json": (FleetReport, "Runs of a fleet"),
}


if __name__ == "__main__":
    write(published=PUBLISHED)
