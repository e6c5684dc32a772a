"""The estimate as a document: what `schemas/estimate.schema.json` describes, in an order that never varies."""

from __future__ import annotations

from collections import Counter
from typing import Final, TypedDict

from pricing.budget import Case
from pricing.delta import of_case
from pricing.estimate import Estimate, ResourceCost
from pricing.line_item import LineItem
from pricing.money import CURRENCY, exact, plain, shortest
from pricing.price_age import used_prices
from pricing.quantity import ZERO, Quantity, total
from pricing.registry import Classification

VERSION: Final = 1


class TierDocument(TypedDict):
    """The part of an expected quantity that falls into one price tier."""

    quantity: str
    price: str


class ComponentDocument(TypedDict):
    """One line item. Quantities and costs are null where usage was not declared."""

    name: str
    unit: str
    monthlyQuantity: str | None
    monthlyQuantityMinimum: str | None
    monthlyQuantityMaximum: str | None
    price: str
    priceKey: str
    priceRegion: str
    priceSource: str
    priceDate: str
    priceUndated: bool
    priceDerivedFrom: str | None
    priceConfidence: str
    tiers: list[TierDocument]
    monthlyCost: str | None
    monthlyCostMinimum: str | None
    monthlyCostMaximum: str | None
    usageBased: bool
    formula: str


class ResourceDocument(TypedDict):
    """One resource with its line items."""

    name: str
    type: str
    urn: str
    capability: str
    classification: str
    reason: str
    boundedProperties: list[str]
    costComponents: list[ComponentDocument]
    monthlyCost: str
    monthlyCostMinimum: str
    monthlyCostMaximum: str


class CapabilityDocument(TypedDict):
    """What one capability costs a month."""

    name: str
    monthlyCost: str
    monthlyCostMinimum: str
    monthlyCostMaximum: str


class ProblemDocument(TypedDict):
    """What keeps the estimate from being trusted."""

    code: str
    urn: str | None
    message: str


class PriceBookDocument(TypedDict):
    """Which prices were used, the oldest day of a source of one of them, and the last day on which all can be used."""

    digest: str
    oldestSource: str | None
    usableUntil: str | None


class SummaryDocument(TypedDict):
    """How many resources were found, by how they are billed."""

    detected: int
    priced: int
    usageBased: int
    free: int
    billedByParent: int
    declaredFree: int
    declaredCost: int
    unclassified: int


class DeclarationDocument(TypedDict):
    """What a team says itself of a type or of a resource; `amount` is USD a month for each, null for a free type."""

    type: str | None
    name: str | None
    amount: str | None
    why: str
    source: str
    until: str
    place: str
    resources: list[str]


class EstimateDocument(TypedDict):
    """The whole estimate. Amounts are USD a month, as text without exponent."""

    version: int
    currency: str
    region: str
    environment: str | None
    asOf: str
    priceBook: PriceBookDocument
    resources: list[ResourceDocument]
    capabilities: list[CapabilityDocument]
    totalMonthlyCost: str
    totalMonthlyCostMinimum: str
    totalMonthlyCostMaximum: str
    totalMonthlyCostAfterFreeTier: str | None
    totalMonthlyCostAfterFreeTierMinimum: str | None
    totalMonthlyCostAfterFreeTierMaximum: str | None
    summary: SummaryDocument
    declarations: list[DeclarationDocument]
    problems: list[ProblemDocument]
    warnings: list[str]
    complete: bool


def estimate_document(estimate: Estimate, *, environment: str | None = None) -> EstimateDocument:
    """The estimate as JSON-like Python. Resources are in order of URN, so that two runs give the same bytes."""
    resources = [_resource(entry) for entry in sorted(estimate.resources, key=lambda entry: entry.resource.urn)]
    used = used_prices(estimate.items())
    # The sum of what is printed, so that a reader who adds the lines up gets the printed total.
    amount = total(_exact(entry.cost) for entry in estimate.resources)
    after_free = estimate.total_after_free_tier
    after_free = None if after_free is None else _exact(after_free)
    return EstimateDocument(
        version=VERSION,
        currency=CURRENCY,
        region=estimate.region,
        environment=environment,
        asOf=estimate.as_of.isoformat(),
        priceBook=PriceBookDocument(
            digest=estimate.book_digest,
            oldestSource=min(price.source_date for price in used).isoformat() if used else None,
            usableUntil=min(price.last_day for price in used).isoformat() if used else None,
        ),
        resources=resources,
        capabilities=_capabilities(estimate),
        totalMonthlyCost=plain(amount.expected),
        totalMonthlyCostMinimum=plain(amount.minimum),
        totalMonthlyCostMaximum=plain(amount.maximum),
        totalMonthlyCostAfterFreeTier=_text(after_free, "expected"),
        totalMonthlyCostAfterFreeTierMinimum=_text(after_free, "minimum"),
        totalMonthlyCostAfterFreeTierMaximum=_text(after_free, "maximum"),
        summary=_summary(estimate),
        declarations=_declarations(estimate),
        problems=_problems(estimate),
        warnings=sorted(set(estimate.warnings)),
        complete=estimate.complete,
    )


def _exact(value: Quantity) -> Quantity:
    return value.map(exact)


def _capabilities(estimate: Estimate) -> list[CapabilityDocument]:
    costs: dict[str, Quantity] = {}
    for entry in estimate.resources:
        name = entry.resource.capability
        costs[name] = costs.get(name, ZERO) + _exact(entry.cost)
    return [
        CapabilityDocument(
            name=name,
            monthlyCost=plain(cost.expected),
            monthlyCostMinimum=plain(cost.minimum),
            monthlyCostMaximum=plain(cost.maximum),
        )
        for name, cost in sorted(costs.items())
    ]


def _summary(estimate: Estimate) -> SummaryDocument:
    counts = Counter(entry.classification for entry in estimate.resources)
    return SummaryDocument(
        detected=len(estimate.resources),
        priced=counts[Classification.PRICED],
        usageBased=counts[Classification.USAGE_PRICED],
        free=counts[Classification.FREE],
        billedByParent=counts[Classification.BILLED_BY_PARENT],
        declaredFree=counts[Classification.DECLARED_FREE],
        declaredCost=counts[Classification.DECLARED_COST],
        unclassified=counts[Classification.UNCLASSIFIED],
    )


def _declarations(estimate: Estimate) -> list[DeclarationDocument]:
    return [
        DeclarationDocument(
            type=declared.type,
            name=declared.name,
            amount=None if declared.amount is None else plain(declared.amount),
            why=declared.why,
            source=declared.source,
            until=declared.until.isoformat(),
            place=declared.place,
            resources=sorted(entry.resource.name for entry in estimate.resources if entry.declaration is declared),
        )
        for declared in estimate.declarations
    ]


def _problems(estimate: Estimate) -> list[ProblemDocument]:
    found = sorted(estimate.problems, key=lambda problem: (problem.code, problem.urn or "", problem.message))
    return [ProblemDocument(code=entry.code, urn=entry.urn, message=entry.message) for entry in found]


def _resource(entry: ResourceCost) -> ResourceDocument:
    return ResourceDocument(
        name=entry.resource.name,
        type=entry.resource.type,
        urn=entry.resource.urn,
        capability=entry.resource.capability,
        classification=entry.classification.value,
        reason=entry.reason,
        boundedProperties=sorted(set(entry.bounded)),
        costComponents=[_component(item) for item in entry.items],
        monthlyCost=plain(entry.cost.expected),
        monthlyCostMinimum=plain(entry.cost.minimum),
        monthlyCostMaximum=plain(entry.cost.maximum),
    )


def _component(item: LineItem) -> ComponentDocument:
    quantity, cost = item.quantity, item.cost
    return ComponentDocument(
        name=item.name,
        unit=item.unit,
        monthlyQuantity=_text(quantity, "expected"),
        monthlyQuantityMinimum=_text(quantity, "minimum"),
        monthlyQuantityMaximum=_text(quantity, "maximum"),
        price=shortest(item.price.unit_price),
        priceKey=item.price.key,
        priceRegion=item.price.region,
        priceSource=item.price.source,
        priceDate=item.price.source_date.isoformat(),
        priceUndated=item.price.undated,
        priceDerivedFrom=item.price.derived or None,
        priceConfidence=item.price.confidence,
        tiers=_tiers(item),
        monthlyCost=_text(cost, "expected"),
        monthlyCostMinimum=_text(cost, "minimum"),
        monthlyCostMaximum=_text(cost, "maximum"),
        usageBased=item.by_usage,
        formula=item.formula,
    )


def _tiers(item: LineItem) -> list[TierDocument]:
    if item.quantity is None or len(item.price.tiers) == 1:
        return []
    bands = item.price.bands(item.quantity.expected)
    return [TierDocument(quantity=plain(part), price=shortest(tier.price)) for tier, part in bands]


def _text(value: Quantity | None, case: Case) -> str | None:
    return None if value is None else plain(of_case(value, case))
