"""The stack as stack policies see it: one graph and one estimate, shared by all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pulumi_policy import PolicyResource

from policies.adapter import is_left_out, stacked
from policies.environments import terms_of
from policies.memory import MEMORY
from policies.request import once
from pricing.clock import judged_on
from pricing.environment import Terms
from pricing.estimate import Estimate, estimate
from pricing.price_book import PriceBook
from pricing.registry import rule_of
from pricing.resource import OWN_COMPONENT_PREFIX, STACK_TYPE, Graph, Resource, is_engines_own


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
        return priced(self.graph, self.terms)


def priced(graph: Graph, terms: Terms) -> Estimate:
    """What resources cost by the terms of their stack."""
    return estimate(
        graph,
        terms.usage,
        PriceBook.load(),
        region=terms.region,
        today=judged_on(),
        account=terms.account,
        declarations=terms.declarations,
    )


def stack_of(resources: Iterable[PolicyResource], environment: str) -> Stack:
    """The stack of one request. All stack policies of a request get the same one, so that it is priced once."""
    return once(("stack", environment), lambda: _stack(resources, environment))


def _stack(resources: Iterable[PolicyResource], environment: str) -> Stack:
    seen = MEMORY.declared()
    listed = [r for r in resources if r.urn in seen or not is_left_out(r.urn, r.props)]
    # A component is what has no provider, the engine's own aside. Who shows no providers at all shows no foreign
    # components either: whatever is not ours must have a price then.
    shown = any(r.provider is not None for r in listed)
    # The engine analyses whatever it registers, the stack itself first; only what is read it shows just here. Where
    # nothing was analysed at all, the policy that listens is switched off, and nothing can be told apart.
    found = [
        stacked(
            r,
            seen[r.urn].properties if r.urn in seen else None,
            custom=_is_custom(r, shown=shown),
            read=bool(seen) and r.urn not in seen,
        )
        for r in listed
    ]
    unseen = tuple(r for r in found if r.urn not in seen and r.is_cloud and _is_billable(r))
    return Stack(tuple(found), environment, unseen)


def _is_custom(resource: PolicyResource, *, shown: bool) -> bool:
    token = resource.resource_type
    if is_engines_own(token):
        return token != STACK_TYPE
    return resource.provider is not None or not (shown or token.startswith(OWN_COMPONENT_PREFIX))


def _is_billable(resource: Resource) -> bool:
    entry = rule_of(resource)
    return entry is not None and entry.rule is not None
