"""From the settings of a stack to what its state machines are made from, or why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pulumi

from components.chaos.state_machine.claims import Claimed, claimed
from components.chaos.state_machine.definition import TooLongError, measure
from components.chaos.state_machine.order import MachineOrder
from components.observability.critical_signals import critical_signals
from components.reading import SettingsError
from components.settings import Settings
from contract import experiments
from contract.names import configuration_bucket
from contract.suites import DRILL_CHOICES, Choosable, Suite, SuitePlan, plan_of


@dataclass(frozen=True, kw_only=True)
class SuiteMachinesArgs:
    """The stack's suites and experiments, and the table that runners share."""

    settings: Settings
    stage: int
    suites: Sequence[Suite]
    experiments: Sequence[experiments.Experiment]
    records_table: str
    owner: str


def machine_order(args: SuiteMachinesArgs, name: str) -> MachineOrder:
    """What the state machine of a suite is made from; the ids of templates in it may still be late.

    Raises:
        SettingsError: there is no such suite, or it is none that a state machine can do.
    """
    where, suite = f"ial:chaos.stateMachines, suite {name}", next((s for s in args.suites if s.name == name), None)
    if suite is None:
        msg = f"{where}: not known; accepted: {', '.join(held.name for held in args.suites) or 'none is there'}"
        raise SettingsError(msg)
    plan = plan_of(suite, _experiments(args), _drills(suite))
    found, place = claimed(plan, args.experiments), args.settings.place
    against = _against(suite, plan, found)
    if against is not None:
        msg = f"{where}: {against}; choose other steps, or take it out of stateMachines"
        raise SettingsError(msg)
    order = MachineOrder(
        name=place.name(f"suite-{name}"),
        stack=pulumi.get_stack(),
        suite=suite,
        claimed=found,
        templates={key: held.template_id for key, held in found.experiments.items()},
        table=args.records_table,
        bucket=configuration_bucket(place.environment, place.account),
        account=place.account,
        owner=args.owner,
        budget=str(args.settings.chaos.monthly_budget),
        alarms=[place.name(spec.signal) for spec in critical_signals(args.settings)],
    )
    try:
        measure(order)
    except TooLongError as error:
        msg = f"{where}: {error}"
        raise SettingsError(msg) from None
    return order


def _experiments(args: SuiteMachinesArgs) -> list[Choosable]:
    return [Choosable(name=held.name, choice=held.category, of_database=held.of_database) for held in args.experiments]


def _drills(suite: Suite) -> list[Choosable]:
    """One for whatever a step may restore: a state machine restores nothing, and leaves each out by its name."""
    named = {name for step in suite.steps if step.kind == "drill" for name in step.names}
    chosen = {step.choice for step in suite.steps if step.kind == "drill" and step.choice in DRILL_CHOICES[1:]}
    every = {"every resource"} if any(step.choice == DRILL_CHOICES[0] for step in suite.steps) else set[str]()
    parts = [(name, name) for name in sorted(chosen | named | every) if name is not None]
    return [Choosable(name=name, choice=choice, of_database=False) for name, choice in parts]


def _against(suite: Suite, plan: SuitePlan, found: Claimed) -> str | None:
    runs = [found.experiments[step.name] for step in found.steps if step.kind == "experiment"]
    cost = sum((Decimal(held.usd_per_run) for held in runs), Decimal(0))
    if suite.window is not None:
        return "it has a window, which a state machine does not heed; set its schedule instead"
    if plan.unknown:
        return f"{', '.join(plan.unknown)} is not on this stack"
    if not runs:
        return "nothing of it can be done without a runner"
    if cost > Decimal(suite.max_usd):
        return f"it costs up to {cost} USD, and maxUsd is {suite.max_usd}"
    return None
