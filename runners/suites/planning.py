"""What a suite would do on a stack, what it costs at most, and what stands against it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from contract.parts import plain
from contract.suites import PlannedStep, Suite, SuitePlan
from contract.terms import Freeze, Window
from runners.chaos.before.terms import allowed, terms_text
from runners.errors import InputError
from runners.runs.clock import rfc3339
from runners.suites.plan_document import SkippedRun, SuiteCost, SuitePlanDocument, planned_run


@dataclass(frozen=True, kw_only=True)
class PlannedSuite:
    """A suite with the cost of each of its steps, None where nobody can tell, and the reasons against it.

    `untestable` says of steps why nothing can be said of them here; they are skipped, and the rest is done.
    """

    plan: SuitePlan
    costs: Mapping[str, Decimal | None]
    obstacles: tuple[str, ...]
    untestable: Mapping[str, str]

    @property
    def usd(self) -> Decimal | None:
        """What all of it costs at most; None when that is not known."""
        known = [cost for cost in self.costs.values() if cost is not None]
        return sum(known, Decimal(0)) if len(known) == len(self.costs) else None

    def document(self, stack: str) -> dict[str, Any]:
        """The answer of `ial suite plan`."""
        suite = self.plan.suite
        document = SuitePlanDocument(
            stack=stack,
            suite=suite.name,
            description=suite.description,
            steps=tuple(planned_run(step, self.costs.get(step.id)) for step in self.plan.steps),
            left_out=self.plan.left_out,
            skipped=tuple(SkippedRun(id=name, reason=why) for name, why in self.untestable.items()),
            cool_down_minutes=suite.cool_down_minutes,
            max_degraded_seconds=suite.max_degraded_seconds,
            cost=SuiteCost(usd=None if self.usd is None else str(self.usd), limit=suite.max_usd),
            obstacles=self.obstacles,
            refused=bool(self.obstacles),
        )
        return plain(document)


def suite_named(suites: Sequence[Suite], name: str, stack: str) -> Suite:
    """One suite.

    Raises:
        InputError: the stack has none of that name.
    """
    found = next((suite for suite in suites if suite.name == name), None)
    if found is None:
        known = ", ".join(suite.name for suite in suites) or "none is there; write experiments/suites.yaml"
        msg = f"{name} is no suite of stack {stack}; accepted: {known}"
        raise InputError(msg)
    return found


def closed(
    suite: Suite, window: Window | None, freezes: Sequence[Freeze], now: datetime, zone: str, *, disturbs: bool
) -> str | None:
    """Why nothing of it may begin now, by its own window, and the terms of experiments if it `disturbs`."""
    for terms, frozen in ((suite.window, ()), (window if disturbs else None, freezes if disturbs else ())):
        if not allowed(terms, frozen, now, zone):
            return f"it may run {terms_text(terms, frozen)}"
    return None


def late(step: PlannedStep, begins: datetime, longest: timedelta, until: datetime | None) -> str | None:
    """Why a step that begins then, and lasts so long at most, might not be over in time; None without such a time."""
    if until is None or begins + longest <= until:
        return None
    minutes = -(-longest // timedelta(minutes=1))
    return f"{step.id} may last {minutes} min from {rfc3339(begins)}, and all must be over at {rfc3339(until)}"


def planned_suite(
    plan: SuitePlan,
    costs: Mapping[str, Decimal | None],
    against: Sequence[str],
    *,
    rolls_back: bool,
    untestable: Mapping[str, str] | None = None,
) -> PlannedSuite:
    """The plan with what stands against it; `against` is what the stack itself says."""
    found = [*against]
    found += [f"{name} is not on this stack; name what it has, or leave the step out" for name in plan.unknown]
    if not plan.steps:
        found.append("it has nothing to run on this stack")
    asking = [step.id for step in plan.steps if step.kind == "experiment" and step.on_failure == "roll-back"]
    if asking and not rolls_back:
        told = "onFailure roll-back, and nothing can roll a version back here"
        found.append(f"{', '.join(asking)}: {told}; name what may in ial:chaos rollback.targets, or use stop")
    unknown = [name for name, cost in costs.items() if cost is None]
    if unknown:
        found.append(f"nobody can tell what {', '.join(unknown)} costs; add the prices with `ial cost refresh-prices`")
    total, most = sum((cost for cost in costs.values() if cost is not None), Decimal(0)), Decimal(plan.suite.max_usd)
    if total > most:
        found.append(f"it costs up to {total} USD, and maxUsd is {most}; raise it, or choose less")
    return PlannedSuite(plan=plan, costs=costs, obstacles=tuple(found), untestable=untestable or {})
