"""What one resource costs as far as its own inputs tell: enough to block it before it is created."""

from __future__ import annotations

from collections.abc import Callable

from policies.memory import MEMORY
from pricing.billing import Unbounded, Unpriceable
from pricing.budget import over_resource_cap
from pricing.clock import judged_on
from pricing.environment import Terms
from pricing.errors import CatalogError
from pricing.estimate import ResourceCost, declared_cost
from pricing.price_book import PriceBook
from pricing.registry import rule_of
from pricing.resource import Resource


def above_cap(resource: Resource, terms_of: Callable[[], Terms]) -> list[str]:
    """Remembers the resource, and says so if it alone costs more than one resource may."""
    MEMORY.keep(resource)
    if not resource.is_cloud:
        return []
    terms = terms_of()
    cost = alone(resource, terms)
    sentence = over_resource_cap(cost, terms.budget, judged_on()) if cost else None
    return [sentence] if sentence else []


def alone(resource: Resource, terms: Terms) -> ResourceCost | None:
    """The cost of one resource next to those seen before it; None when it has none.

    What cannot be priced here is left to the policies over the whole stack, which refuse it.
    """
    entry = rule_of(resource)
    declared = terms.declarations.of(resource, entry, judged_on())
    if declared is not None:
        return declared_cost(resource, declared, terms.region)
    if entry is None or entry.rule is None:
        return None
    graph, book = MEMORY.graph_with(resource), PriceBook.load()
    billing = entry.billing(resource, graph, terms.usage, book, region=terms.region, as_of=judged_on())
    try:
        items = tuple(entry.rule(billing))
    except (Unbounded, Unpriceable, CatalogError):
        return None
    return ResourceCost(resource=resource, classification=entry.classification, items=items)
