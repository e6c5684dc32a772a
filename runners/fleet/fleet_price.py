"""What a fleet's own state machines cost, by the rules with which the gate prices every other one. Pure.

"For Standard Workflows, you are charged for each state transition", the first one of each child of a distributed map
included: https://aws.amazon.com/step-functions/pricing/
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contract.machine_tags import STATE_MACHINE, TRANSITIONS_TAG
from pricing.estimate import Estimate, estimate
from pricing.price_book import PriceBook
from pricing.quantity import Quantity
from pricing.resource import Graph, Resource
from pricing.rules.schedules import RUNS
from pricing.usage import Usage
from runners.fleet.fleet_file import Fleet
from runners.fleet.fleet_machine import by_region, definition, transitions


@dataclass(frozen=True, kw_only=True)
class MachinePrice:
    """What the machine of one Region costs a time, in USD at list price; None where that is not known, and why."""

    usd: Decimal | None
    why: str = ""


def machine_prices(fleet: Fleet, book: PriceBook, today: date) -> Mapping[str, MachinePrice]:
    """By Region. A price that is missing or too old, and whatever the rules refuse, is not known."""
    found = {}
    for region in by_region(fleet):
        machine = _machine(fleet, region)
        once = Usage(resources={machine.name: {RUNS.name: Quantity.exact(1)}})
        found[region] = _price(estimate(Graph([machine]), once, book, region=region, today=today))
    return found


def _machine(fleet: Fleet, region: str) -> Resource:
    """The state machine that `ial fleet write` writes, as the program would declare it. It has no log and no traces."""
    return Resource(
        urn=f"fleet:{fleet.name}:{region}",
        type=STATE_MACHINE,
        name=f"{fleet.name}-{region}",
        properties={
            "definition": json.dumps(definition(fleet, region)),
            "type": "STANDARD",
            "tags": {TRANSITIONS_TAG: str(transitions(by_region(fleet)[region]))},
        },
    )


def _price(priced: Estimate) -> MachinePrice:
    if not priced.complete:
        return MachinePrice(usd=None, why="; ".join(problem.message for problem in priced.problems))
    return MachinePrice(usd=priced.total.maximum)
