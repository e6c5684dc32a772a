"""How often a resource runs: from its own schedule expression, or from the schedules of the stack that start it.

What a pipeline starts carries its schedule in a tag (contract/schedule_tag.py).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from contract import schedule_tag
from contract.machine_tags import STATE_MACHINE
from pricing.billing import Billing, Unbounded, Unpriceable
from pricing.quantity import Quantity, total
from pricing.registry import UsageKey
from pricing.resource import UNKNOWN, Resource
from pricing.rules.arithmetic import shown
from pricing.schedule import ScheduleError, runs_per_month

SCHEDULE = "aws:scheduler/schedule:Schedule"
_RULE, _TARGET = "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"
RUNS = UsageKey(name="runs_per_month", unit="runs", meaning="runs a month when no schedule of the stack tells it")


def expression_runs(b: Billing, resource: Resource, path: str) -> Quantity:
    """Runs a month of the schedule expression at `path`; when it is unknown, usage `runs_per_month` bounds it."""
    value = resource.get(path)
    if value is UNKNOWN:
        bound = b.declared(resource, RUNS.name)
        if bound is None:
            raise Unbounded(path, RUNS.name)
        b.bounded.append(path)
        return bound
    try:
        return Quantity.exact(runs_per_month(value if isinstance(value, str) else ""))
    except ScheduleError as error:
        msg = f"property `{path}` of {resource.name!r}: {error}"
        raise Unpriceable(msg) from error


def is_disabled(resource: Resource) -> bool:
    """Whether a schedule is surely switched off; an unknown state counts as on."""
    return resource.get("state") == "DISABLED"


def started_runs(b: Billing) -> tuple[Quantity | None, str]:
    """Runs a month of `b.resource` and where they come from.

    The schedules of the stack that start it are summed; declared `runs_per_month` counts when it is more, so that a
    declaration can add runs by hand but never hide a schedule. A state machine that starts the resource once in each of
    its executions adds its own. None when none of it is there.
    """
    runs, origin = _own_runs(b)
    machines = [held for held in b.graph.of_type(STATE_MACHINE) if b.resource.urn in held.dependencies]
    for machine in machines:
        more, what = _own_runs(replace(b, resource=machine))
        if more is None:
            return None, f"{what} of {machine.name}"
        runs, origin = (runs or Quantity.exact(0)) + more, f"{origin} + {what} of {machine.name}"
    return runs, origin


def _own_runs(b: Billing) -> tuple[Quantity | None, str]:
    schedules = [s for s in b.graph.of_type(SCHEDULE) if _starts(s, b.resource)]
    schedules += [rule for rule in b.graph.of_type(_RULE) if _rule_starts(b, rule)]
    declared = b.use(RUNS.name)
    planned = _planned_runs(b.resource)
    if not schedules and planned is None:
        return declared, f"{shown(declared)} runs declared"
    derived = total(expression_runs(b, s, "scheduleExpression") for s in schedules if not is_disabled(s))
    names = ", ".join(s.name for s in schedules)
    if planned is not None:
        derived, names = derived + planned, ", ".join(filter(None, (names, f"the tag {schedule_tag.TAG}")))
    if declared is None:
        return derived, f"{shown(derived)} runs from {names}"
    more = Quantity(
        max(derived.minimum, declared.minimum),
        max(derived.expected, declared.expected),
        max(derived.maximum, declared.maximum),
    )
    return more, f"{shown(more)} runs, the more of {shown(derived)} from {names} and {shown(declared)} declared"


def _planned_runs(resource: Resource) -> Quantity | None:
    """Runs a month of the schedule in the tag; None without one, or when it is unknown."""
    tags = resource.tags
    value = tags.get(schedule_tag.TAG) if isinstance(tags, dict) else None
    if value is None or value is UNKNOWN:
        return None
    try:
        return Quantity.exact(runs_per_month(schedule_tag.read(str(value))))
    except ScheduleError as error:
        msg = f"tag `{schedule_tag.TAG}` of {resource.name!r} is {value!r}: {error}"
        raise Unpriceable(msg) from error


def _starts(schedule: Resource, target: Resource) -> bool:
    """By dependency; else by the target's id (a state export knows it) or quoted name in the schedule's input."""
    if target.urn in schedule.dependencies:
        return True
    texts = [text for path in ("target.input", "target.arn") if isinstance(text := schedule.get(path), str)]
    known_id = target.get("id")
    if isinstance(known_id, str) and any(known_id in text for text in texts):
        return True
    return any(f'"{target.name}"' in text for text in texts)


def _rule_starts(b: Billing, rule: Resource) -> bool:
    """A scheduled rule one of whose targets depends on the resource."""
    if rule.get("scheduleExpression") is None:
        return False
    return any({rule.urn, b.resource.urn} <= set(target.dependencies) for target in b.graph.of_type(_TARGET))


def hours_share(hours: Quantity, month: Decimal) -> Quantity:
    """Hours as a share of a month; more hours than a month has count as a month."""
    return hours.map(lambda value: min(value, month) / month)
