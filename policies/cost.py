"""The budget: what the stack, a capability and a resource may cost, and whether that could be judged at all."""

from __future__ import annotations

from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, Policy, Severity

from contract.names import (
    BUDGET_WARNING,
    CAPABILITY_BUDGET,
    COST_TRAPS,
    COULD_JUDGE,
    EVERY_RESOURCE_PRICED,
    MONTHLY_BUDGET,
    RESOURCE_CAP,
    WAIVERS_VALID,
)
from policies.budget_so_far import over_budget_so_far
from policies.cost_traps import TRAPPED, trap
from policies.edge import About, judged_policy, stack_policy
from policies.memory import MEMORY, Finding
from policies.report import write_report
from policies.resource_cost import above_cap
from policies.stack import Stack
from pricing.budget import violations, warnings
from pricing.errors import PricingError
from pricing.estimate import UNJUDGED


def monthly_budget(stack: Stack) -> Iterator[Finding]:
    """The whole stack against its environment's budget and its stage's."""
    return _exceeding(MONTHLY_BUDGET, stack)


def capability_budget(stack: Stack) -> Iterator[Finding]:
    """Each capability against its cap."""
    return _exceeding(CAPABILITY_BUDGET, stack)


def _exceeding(policy: str, stack: Stack) -> Iterator[Finding]:
    for violation in violations(stack.estimate, stack.terms.budget):
        if violation.policy == policy:
            yield Finding(violation.message, violation.urn)


def budget_warning(stack: Stack) -> Iterator[Finding]:
    """What has used most of its limit."""
    return (Finding(violation.message) for violation in warnings(stack.estimate, stack.terms.budget))


def every_resource_priced(stack: Stack) -> Iterator[Finding]:
    """What the program declares and nobody can put a price on."""
    for problem in stack.estimate.problems:
        if problem.code not in UNJUDGED:
            yield Finding(problem.message, problem.urn)


def could_judge(stack: Stack) -> Iterator[Finding]:
    """Why the gate itself could not judge; then the report, which says the same to programs."""
    try:
        known = list(_doubts(stack))
    except PricingError as error:
        MEMORY.fail(str(error))
        known = []
    found = [Finding(f"could not judge: {message}") for message in MEMORY.failures()] + known
    write_report(stack, found)
    yield from found


def _doubts(stack: Stack) -> Iterator[Finding]:
    for resource in stack.unseen:
        text = f"{resource.name} ({resource.type}) came without its inputs; enable policy {RESOURCE_CAP}"
        yield Finding(f"could not judge: {text}", resource.urn)
    for problem in stack.estimate.problems:
        if problem.code in UNJUDGED:
            yield Finding(f"could not judge: {problem.message}", problem.urn)


def waivers_valid(stack: Stack) -> Iterator[Finding]:
    """Waivers that have expired, or never would."""
    return _exceeding(WAIVERS_VALID, stack)


def resource_policies() -> list[Policy]:
    """Policies that block a single resource before it is created."""
    cap = About(
        name=RESOURCE_CAP,
        description="One resource costs no more than the environment's cap for one resource.",
        remedy="Choose something smaller, or have budget.resourceCap raised or waived in the environment file.",
        severity=Severity.CRITICAL,
    )
    traps = About(
        name=COST_TRAPS,
        description="Nothing that is known to cost more than it seems is added unnoticed.",
        remedy="Take the cheaper way that the message names, or have it waived in the environment file.",
    )
    so_far = About(
        name="monthly-budget-so-far",
        description="During an update, what was registered so far costs no more than the month may.",
        remedy="Create resources outside of apply, so that a preview sees them, and shrink the stack.",
        severity=Severity.CRITICAL,
    )
    # The first one remembers each resource for those after it.
    return [
        judged_policy(cap, above_cap),
        judged_policy(so_far, over_budget_so_far),
        judged_policy(traps, trap, TRAPPED),
    ]


def stack_policies() -> list[Policy]:
    """Policies over the whole stack, but for the last one."""
    total = About(
        name=MONTHLY_BUDGET,
        description="The stack costs no more a month than its environment and its stage allow.",
        remedy="Remove or shrink resources, or have budget.monthly changed in the environment file.",
        severity=Severity.CRITICAL,
    )
    capability = About(
        name=CAPABILITY_BUDGET,
        description="Each capability costs no more a month than its cap.",
        remedy="Remove or shrink resources of the capability, or have its cap changed in the environment file.",
        severity=Severity.CRITICAL,
    )
    warning = About(
        name=BUDGET_WARNING,
        description="A limit of which most is used deserves a look.",
        remedy="Plan before adding more: `ial cost explain` shows what costs what.",
        severity=Severity.MEDIUM,
        level=EnforcementLevel.ADVISORY,
    )
    priced = About(
        name=EVERY_RESOURCE_PRICED,
        description="Every resource has a price, and no unknown value hides one.",
        remedy="Set the property to a known value, declare its usage in the environment file, or remove the resource.",
        severity=Severity.CRITICAL,
    )
    waivers = About(
        name=WAIVERS_VALID,
        description="Every waiver has an end that is near and not past.",
        remedy="Remove the waiver, or have it renewed in the environment file.",
    )
    return [
        stack_policy(waivers, waivers_valid),
        stack_policy(total, monthly_budget),
        stack_policy(capability, capability_budget),
        stack_policy(warning, budget_warning),
        stack_policy(priced, every_resource_priced),
    ]


def last_policy() -> Policy:
    """The policy that runs after all others and knows what went wrong in them."""
    judged = About(
        name=COULD_JUDGE,
        description="The gate could judge: environment, prices and usage are there, and every policy ran.",
        remedy="Mend what the message names; `ial cost refresh-prices` for prices.",
        severity=Severity.CRITICAL,
    )
    return stack_policy(judged, could_judge)
