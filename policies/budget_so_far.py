"""The month's budget while an update makes resources: what no preview saw is summed with all that came before it.

A preview judges the whole stack. Resources that the program registers only while it is applied appear for the first
time then, and a stack policy speaks when they are made already. This policy speaks before.
"""

from __future__ import annotations

from collections.abc import Callable

from contract.names import MONTHLY_BUDGET
from policies.adapter import is_update
from policies.memory import MEMORY
from policies.stack import priced
from pricing.budget import violations
from pricing.clock import judged_on
from pricing.environment import Terms
from pricing.registry import rule_of
from pricing.resource import Graph, Resource


def over_budget_so_far(resource: Resource, terms_of: Callable[[], Terms]) -> list[str]:
    """Says so when the stack, as far as it is registered, costs more than its month may with this resource.

    A part never costs more than the whole, so what a preview let pass is not refused here.
    """
    if not is_update() or not resource.is_cloud:
        return []
    entry, terms = rule_of(resource), terms_of()
    if terms.declarations.of(resource, entry, judged_on()) is None:
        if entry is None:
            return [f"{resource.name} ({resource.type}) has no price, and no preview saw it; nothing is made of it"]
        if entry.rule is None:
            return []
    cost = priced(Graph({**MEMORY.declared(), resource.urn: resource}), terms)
    return [
        f"{resource.name} ({resource.type}) is not made: with it, {violation.message}"
        for violation in violations(cost, terms.budget)
        if violation.policy == MONTHLY_BUDGET
    ]
