"""What a fleet's state machines are, what they cost, and whether that is within the fleet's limit. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from pricing.money import plain
from runners.errors import InputError, LimitError
from runners.fleet.fleet_file import Fleet
from runners.fleet.fleet_machine import by_region, transitions
from runners.fleet.fleet_price import MachinePrice
from runners.fleet.model import FleetMachine, FleetPlan


def fleet_plan(fleet: Fleet, prices: Mapping[str, MachinePrice]) -> FleetPlan:
    """One state machine for each Region, and the month of all."""
    machines = []
    for region, accounts in by_region(fleet).items():
        usd = prices[region].usd
        machines.append(
            FleetMachine(
                name=machine_name(fleet),
                region=region,
                accounts={account: len(held) for account, held in accounts.items()},
                at_once=fleet.at_once,
                transitions=transitions(accounts),
                usd=None if usd is None else plain(usd),
            )
        )
    month = _month(fleet, prices)
    return FleetPlan(
        fleet=fleet.name,
        suite=fleet.suite,
        account=fleet.account,
        machines=tuple(machines),
        runs_per_month=fleet.runs_per_month,
        month_usd=None if month is None else plain(month),
        limit_usd=fleet.limit_usd,
        unknown=tuple(f"{region}: {held.why}" for region, held in prices.items() if held.usd is None),
    )


def require_within_limit(plan: FleetPlan) -> None:
    """A fleet without a limit may cost what it does: nobody said otherwise.

    Raises:
        LimitError: it costs more in a month than its file allows.
        InputError: what it costs is not known, so that nobody can say whether it is within its limit.
    """
    if plan.limit_usd is None:
        return
    if plan.month_usd is None:
        msg = f"fleet {plan.fleet}: what it costs is not known, and it has a limit ({'; '.join(plan.unknown)})"
        raise InputError(msg)
    if Decimal(plan.month_usd) > Decimal(plan.limit_usd):
        msg = (
            f"fleet {plan.fleet} would cost {plan.month_usd} USD a month, more than its limitUsd of {plan.limit_usd}; "
            "start it less often, take stacks out, or raise the limit in its file"
        )
        raise LimitError(msg)


def _month(fleet: Fleet, prices: Mapping[str, MachinePrice]) -> Decimal | None:
    known = [held.usd for held in prices.values() if held.usd is not None]
    if fleet.runs_per_month is None or len(known) < len(prices):
        return None
    return sum(known, Decimal(0)) * fleet.runs_per_month


def machine_name(fleet: Fleet) -> str:
    """The fleet's state machine, the same name in every Region."""
    return f"ial-fleet-{fleet.name}"
