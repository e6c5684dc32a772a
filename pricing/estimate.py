"""The estimate: every resource of a stack priced for one month, and everything that could not be judged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from pricing.billing import Unbounded, Unpriceable
from pricing.declarations import Declaration, Declarations, classified
from pricing.errors import CatalogError
from pricing.free_tier import after_free_tier
from pricing.inputs import faults
from pricing.line_item import LineItem
from pricing.price_age import growing_old, too_old, used_prices
from pricing.price_book import PriceBook
from pricing.quantity import ZERO, Quantity, total
from pricing.registry import Classification, PriceRule, rule_for, rule_of, usage_keys
from pricing.resource import UNKNOWN, Graph, Resource
from pricing.usage import Usage

# Faults of the gate's own data, which no change of the program mends.
OWN_FAULTS: Final = frozenset({"missing-price", "stale-price", "unused-usage"})
# What nobody has looked at: whether it is dear cannot be said, so the stack is not judged.
NOT_KNOWN: Final = frozenset({"unknown-region", "ignored-unknown", "import-unread", "changed-code"})
_MOST_NAMED: Final = 5
NOTHING_DECLARED: Final = Declarations()
UNJUDGED: Final = OWN_FAULTS | NOT_KNOWN


@dataclass(frozen=True)
class Problem:
    """Something that keeps the estimate from being trusted, with the resource it concerns."""

    code: str
    urn: str | None
    message: str


@dataclass(frozen=True, kw_only=True)
class ResourceCost:
    """One resource with its line items. `reason` says why a resource without lines costs nothing."""

    resource: Resource
    classification: Classification
    items: tuple[LineItem, ...] = ()
    reason: str = ""
    declaration: Declaration | None = None
    bounded: tuple[str, ...] = ()

    @property
    def cost(self) -> Quantity:
        """USD a month at list price over the lines whose quantity is declared."""
        return total(item.cost for item in self.items if item.cost is not None)


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What a stack costs a month in USD. Amounts count only if `problems` is empty."""

    resources: tuple[ResourceCost, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
    region: str
    as_of: date
    book_digest: str
    account: str | None = None
    declarations: Declarations = NOTHING_DECLARED

    @property
    def total(self) -> Quantity:
        """USD a month at list price, no free tier."""
        return total(entry.cost for entry in self.resources)

    @property
    def total_after_free_tier(self) -> Quantity | None:
        """USD a month when the permanent free tier is still unused; None where it is not known whose it is."""
        return after_free_tier(self.resources, self.account)

    @property
    def complete(self) -> bool:
        """True when nothing was left out of the total."""
        return not self.problems

    def items(self) -> Iterable[LineItem]:
        """All line items, in order of resources."""
        return (item for entry in self.resources for item in entry.items)

    def by_capability(self) -> dict[str, Quantity]:
        """USD a month by capability, in order of first appearance; capabilities that cost nothing included."""
        costs: dict[str, Quantity] = {}
        for entry in self.resources:
            name = entry.resource.capability
            costs[name] = costs.get(name, ZERO) + entry.cost
        return costs


@dataclass
class _Pricer:
    graph: Graph
    usage: Usage
    book: PriceBook
    region: str
    today: date
    declarations: Declarations
    problems: list[Problem] = field(default_factory=list)

    def cost_of(self, resource: Resource) -> ResourceCost:
        entry = rule_of(resource)
        declared = self.declarations.of(resource, entry, self.today)
        if declared is not None:
            return declared_cost(resource, declared, self.region)
        if entry is None:
            self._problem(
                "unclassified-type",
                resource,
                _unclassified(resource),
            )
            return ResourceCost(resource=resource, classification=Classification.UNCLASSIFIED)
        for code, message in faults(resource):
            self._problem(code, resource, message)
        if entry.rule is None:
            return ResourceCost(resource=resource, classification=entry.classification, reason=entry.why)
        return self._priced(resource, entry)

    def _priced(self, resource: Resource, entry: PriceRule) -> ResourceCost:
        billing = entry.billing(resource, self.graph, self.usage, self.book, region=self.region, as_of=self.today)
        items: list[LineItem] = []
        assert entry.rule is not None
        try:
            items.extend(entry.rule(billing))
        except Unbounded as error:
            self._problem(*_unknown(resource, error))
        except Unpriceable as error:
            self._problem("unpriceable", resource, str(error))
        except CatalogError as error:
            self._problem("missing-price", resource, str(error))
        if resource.unread:
            self._problem(
                "import-unread",
                resource,
                f"it is imported ({resource.import_id}), and what the program leaves out of it stays as it is in AWS, "
                "which nobody has read here; use `--engine pulumi`",
            )
        for key in sorted({item.usage_key or item.name for item in items if item.quantity is None}):
            self._problem(
                "undeclared-usage",
                resource,
                f"usage `{key}` is not declared; declare it for {resource.name!r} or for type {resource.type}",
            )
        return ResourceCost(
            resource=resource, classification=entry.classification, items=tuple(items), bounded=tuple(billing.bounded)
        )

    def _problem(self, code: str, resource: Resource, message: str) -> None:
        self.problems.append(Problem(code, resource.urn, f"{resource.name} ({resource.type}): {message}"))


def _unknown(resource: Resource, error: Unbounded) -> tuple[str, Resource, str]:
    if error.path == "region" and resource.region is UNKNOWN:
        return (
            "unknown-region",
            resource,
            "the region is unknown, so there is no price; give the resource or its provider a region that is known",
        )
    root = error.path.split(".")[0]
    if any(re.split(r"[.\[]", path)[0] in (root, "*") for path in resource.ignore_changes):
        return (
            "ignored-unknown",
            resource,
            f"`{root}` decides the price and its changes are ignored, so what is there stays; give the state with "
            "`--against-state`, use `--engine pulumi`, or do not ignore it",
        )
    return "unbounded-unknown", resource, str(error)


def declared_cost(resource: Resource, declared: Declaration, region: str) -> ResourceCost:
    """What a resource costs by its team's own word."""
    kind, reason = classified(declared)
    items = () if declared.amount is None else (declared.item(resource, region),)
    return ResourceCost(resource=resource, classification=kind, items=items, reason=reason, declaration=declared)


def _unclassified(resource: Resource) -> str:
    if rule_for(resource.type) is not None:
        return (
            f"its type is known, but not the code that creates it ({resource.code}), so its cost is not known; "
            "use this repository's own component, or a type of your own with a rule"
        )
    return (
        f"type {resource.type} has no price rule, so its cost is not known; remove it, "
        "declare it under freeTypes or declaredCosts in the environment file, or add a rule"
    )


def estimate(
    graph: Graph,
    usage: Usage,
    book: PriceBook,
    *,
    region: str,
    today: date,
    account: str | None = None,
    declarations: Declarations = NOTHING_DECLARED,
) -> Estimate:
    """Prices every resource of a stack for one month at list price; `account` is the one that the stack is for.

    Never raises for what a stack contains: what cannot be priced is listed in `problems`, and counts as a refusal
    wherever a budget is judged.
    """
    names: dict[str, list[str]] = {}
    for resource in graph:
        names.setdefault(resource.name, []).append(resource.type)
    keys = usage_keys()
    pricer = _Pricer(graph, usage, book, region, today, declarations)
    cloud = [resource for resource in graph if resource.is_cloud]
    costs = tuple(pricer.cost_of(resource) for resource in cloud)
    prices = used_prices(item for entry in costs for item in entry.items)
    problems = pricer.problems
    problems += [Problem(*fault) for fault in declarations.faults(cloud, today)]
    problems += [Problem("unused-usage", None, message) for message in usage.unused(keys, names)]
    problems += [Problem("usage-unit", None, message) for message in usage.wrong_units(keys, names)]
    problems += [Problem("stale-price", None, message) for message in too_old(prices, today)]
    warnings = [*_only_read(graph), *_elsewhere(graph, account), *declarations.unused(cloud)]
    return Estimate(
        resources=costs,
        problems=tuple(problems),
        warnings=(*warnings, *growing_old(prices, today)),
        region=region,
        as_of=today,
        book_digest=book.digest,
        account=account,
        declarations=declarations,
    )


def _only_read(graph: Graph) -> list[str]:
    if not graph.read:
        return []
    names = ", ".join(f"{resource.name} ({resource.type})" for resource in graph.read[:_MOST_NAMED])
    more = f" and {len(graph.read) - _MOST_NAMED} more" if len(graph.read) > _MOST_NAMED else ""
    return [f"only read, so somebody else owns them and they are not priced: {names}{more}"]


def _elsewhere(graph: Graph, account: str | None) -> list[str]:
    names = [resource.name for resource in graph if resource.is_cloud and resource.account not in (None, account)]
    if not names or account is None:
        return []
    shown = ", ".join(names[:_MOST_NAMED]) + (
        f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    )
    return [f"not in account {account}, but counted in this budget: {shown}"]
