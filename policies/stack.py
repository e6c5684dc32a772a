"""The stack as stack policies see it: one graph and one estimate, shared by all of them."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pulumi_policy import PolicyResource

from policies.adapter import stacked
from policies.environments import terms_of
from policies.memory import MEMORY
from pricing.clock import judged_on
from pricing.environment import Terms
from pricing.estimate import Estimate, estimate
from pricing.price_book import PriceBook
from pricing.registry import rule_for
from pricing.resource import Graph, Resource


@dataclass(frozen=True)
class Stack:
    """What is to be judged. Terms and estimate are made when a policy asks for them, and only once."""

    resources: tuple[Resource, ...]
    environment: str = ""
    unseen: tuple[Resource, ...] = ()

    @cached_property
    def graph(self) -> Graph:
        """The resources with lookups."""
        return Graph(list(self.resources))

    @cached_property
    def terms(self) -> Terms:
        """What the stack is judged by."""
        urn = self.resources[0].urn if self.resources else ""
        return terms_of(urn, self.environment)

    @cached_property
    def estimate(self) -> Estimate:
        """What the stack costs."""
        terms = self.terms
        return estimate(self.graph, terms.usage, PriceBook.load(), region=terms.region, today=judged_on())


_latest: list[Stack] = []
_lock = threading.Lock()


def stack_of(resources: Iterable[PolicyResource], environment: str) -> Stack:
    """The stack of one request. All stack policies of a request get the same one, so that it is priced once."""
    seen = MEMORY.declared()
    found = [stacked(r, seen[r.urn].properties if r.urn in seen else None) for r in resources]
    unseen = tuple(r for r in found if r.urn not in seen and r.is_cloud and _is_billable(r))
    stack = Stack(tuple(found), environment, unseen)
    with _lock:
        if not _latest or _latest[0] != stack:
            _latest[:] = [stack]
        return _latest[0]


def _is_billable(resource: Resource) -> bool:
    entry = rule_for(resource.type)
    return entry is not None and entry.rule is not None
