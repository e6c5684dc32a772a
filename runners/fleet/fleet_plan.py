"""What a fleet's state machines are, and what they cost. Pure."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from runners.fleet.fleet_file import Fleet
from runners.fleet.fleet_machine import by_region, transitions
from runners.fleet.model import FleetMachine, FleetPlan


def fleet_plan(fleet: Fleet, price: Callable[[str], Decimal | None]) -> FleetPlan:
    """One state machine for each Region; `price` is that of 1,000 transitions there, None where nobody knows."""
    machines = []
    for region, accounts in by_region(fleet).items():
        count, thousand = transitions(accounts), price(region)
        machines.append(
            FleetMachine(
                name=machine_name(fleet),
                region=region,
                accounts={account: len(held) for account, held in accounts.items()},
                at_once=fleet.at_once,
                transitions=count,
                usd=None if thousand is None else f"{thousand * count / 1000:f}",
            )
        )
    return FleetPlan(fleet=fleet.name, suite=fleet.suite, account=fleet.account, machines=tuple(machines))


def machine_name(fleet: Fleet) -> str:
    """The fleet's state machine, the same name in every Region."""
    return f"ial-fleet-{fleet.name}"
