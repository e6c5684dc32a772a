"""What a change adds to the month: head against base, resource by resource, with what caused each difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from pricing.budget import Case
from pricing.estimate import Estimate, ResourceCost
from pricing.money import exact, shortest
from pricing.pairing import earlier_keys, stack_free
from pricing.quantity import HOURS_PER_MONTH, ZERO, Quantity, total
from pricing.resource import Plain

# Texts that decide a price and are never secret; of all other texts only the property's name is shown.
_SHOWN_TEXTS: Final = frozenset(
    {
        "billingMode",
        "instanceClass",
        "instanceType",
        "logGroupClass",
        "scheduleExpression",
        "storageClass",
        "tableClass",
    }
)


class ChangeKind(StrEnum):
    """What happens to a resource between base and head."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    REPLACED = "replaced"


@dataclass(frozen=True, kw_only=True)
class PricedComponent:
    """One line of a priced resource, from an estimate or from a report."""

    name: str
    unit: str
    price: Decimal
    quantity: Quantity | None
    cost: Quantity | None


@dataclass(frozen=True, kw_only=True)
class PricedResource:
    """One priced resource. Its properties are known when it comes from an estimate, not when it comes from a report."""

    urn: str
    name: str
    type: str
    capability: str
    cost: Quantity
    components: tuple[PricedComponent, ...] = ()
    properties: Mapping[str, Plain] | None = None
    secrets: frozenset[str] = frozenset()
    aliases: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What is the same in another stack of the program: the URN without stack and project."""
        return stack_free(self.urn)


@dataclass(frozen=True, kw_only=True)
class Change:
    """One resource that costs a different amount, or is made anew.

    `overlap_per_hour` is what the old copy of a replaced resource costs for each hour that both exist.
    """

    kind: ChangeKind
    urn: str
    name: str
    type: str
    capability: str
    before: Quantity
    after: Quantity
    causes: tuple[str, ...] = ()
    overlap_per_hour: Decimal = Decimal(0)

    def difference(self, case: Case) -> Decimal:
        """USD a month, negative when the resource gets cheaper."""
        return of_case(self.after, case) - of_case(self.before, case)


@dataclass(frozen=True, kw_only=True)
class Delta:
    """All differences, in order of kind and URN, and the sum of what stays the same."""

    source: str
    before: Quantity
    after: Quantity
    changes: tuple[Change, ...]
    unchanged_count: int
    unchanged: Quantity
    notes: tuple[str, ...] = field(default=())

    def difference(self, case: Case) -> Decimal:
        """USD a month that the change adds in this case; negative when it saves."""
        return of_case(self.after, case) - of_case(self.before, case)

    def percent(self, case: Case) -> Decimal | None:
        """The difference in percent of the base; None when the base costs nothing."""
        base = of_case(self.before, case)
        return None if base == 0 else self.difference(case) / base * 100

    def of_kind(self, kind: ChangeKind) -> list[Change]:
        """The changes of one kind."""
        return [change for change in self.changes if change.kind == kind]


def of_case(value: Quantity, case: Case) -> Decimal:
    """One case of a quantity."""
    amounts: dict[Case, Decimal] = {
        "minimum": value.minimum,
        "expected": value.expected,
        "maximum": value.maximum,
    }
    return amounts[case]


def priced_resources(estimate: Estimate) -> tuple[PricedResource, ...]:
    """The resources of an estimate in the form that deltas compare."""
    return tuple(_priced(entry) for entry in estimate.resources)


def _priced(entry: ResourceCost) -> PricedResource:
    components = [
        PricedComponent(
            name=item.name,
            unit=item.unit,
            price=item.price.unit_price,
            quantity=None if item.quantity is None else item.quantity.map(exact),
            cost=None if item.cost is None else item.cost.map(exact),
        )
        for item in entry.items
    ]
    resource = entry.resource
    return PricedResource(
        urn=resource.urn,
        name=resource.name,
        type=resource.type,
        capability=resource.capability,
        cost=entry.cost.map(exact),
        components=tuple(components),
        properties=resource.properties,
        secrets=resource.secrets,
        aliases=resource.aliases,
    )


def compare(
    base: Iterable[PricedResource],
    head: Iterable[PricedResource],
    *,
    source: str,
    replaced: Collection[str] = (),
    notes: Iterable[str] = (),
) -> Delta:
    """Compares two sets of priced resources; `replaced` holds the URNs that the update would make anew."""
    old = {entry.key: entry for entry in base}
    new = {entry.key: entry for entry in head}
    earlier = earlier_keys(old, {key: entry.aliases for key, entry in new.items()})
    stayed = set(earlier.values())
    changes: list[Change] = [_gone(entry) for key, entry in old.items() if key not in stayed]
    unchanged: list[Quantity] = []
    for key, entry in new.items():
        change = _change(old.get(earlier.get(key, "")), entry, entry.urn in replaced)
        if change is None:
            unchanged.append(entry.cost)
        else:
            changes.append(change)
    order = list(ChangeKind)
    return Delta(
        source=source,
        before=total(entry.cost for entry in old.values()),
        after=total(entry.cost for entry in new.values()),
        changes=tuple(sorted(changes, key=lambda change: (order.index(change.kind), change.urn))),
        unchanged_count=len(unchanged),
        unchanged=total(unchanged),
        notes=tuple(notes),
    )


def _gone(entry: PricedResource) -> Change:
    return _of(ChangeKind.REMOVED, entry, before=entry.cost, after=ZERO)


def _change(old: PricedResource | None, new: PricedResource, replaced: bool) -> Change | None:
    if old is None:
        return _of(ChangeKind.ADDED, new, before=ZERO, after=new.cost)
    causes = tuple(_component_causes(old, new))
    if old.cost == new.cost and not causes and not replaced:
        return None
    if old.cost != new.cost and not causes:
        causes = ("price of a higher tier",)
    causes = tuple(_property_causes(old, new)) + causes
    if replaced:
        overlap = exact(old.cost.maximum / HOURS_PER_MONTH)
        return _of(ChangeKind.REPLACED, new, before=old.cost, after=new.cost, causes=causes, overlap=overlap)
    return _of(ChangeKind.CHANGED, new, before=old.cost, after=new.cost, causes=causes)


def _of(
    kind: ChangeKind,
    entry: PricedResource,
    *,
    before: Quantity,
    after: Quantity,
    causes: tuple[str, ...] = (),
    overlap: Decimal = Decimal(0),
) -> Change:
    return Change(
        kind=kind,
        urn=entry.urn,
        name=entry.name,
        type=entry.type,
        capability=entry.capability,
        before=before,
        after=after,
        causes=causes,
        overlap_per_hour=overlap,
    )


def _by_name(entry: PricedResource) -> dict[str, PricedComponent]:
    """Components by name; a second one of the same name gets a number, so that none hides another."""
    seen: Counter[str] = Counter()
    named: dict[str, PricedComponent] = {}
    for component in entry.components:
        seen[component.name] += 1
        number = seen[component.name]
        named[component.name if number == 1 else f"{component.name} {number}"] = component
    return named


def _component_causes(old: PricedResource, new: PricedResource) -> Iterable[str]:
    before, after = _by_name(old), _by_name(new)
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if was is None or now is None:
            yield f"{name}: {'new line' if was is None else 'line gone'}"
            continue
        if was.quantity != now.quantity:
            yield f"{name}: {_span(was.quantity)} -> {_span(now.quantity)} {now.unit}"
        if was.price != now.price:
            yield f"{name}: price {shortest(was.price)} -> {shortest(now.price)} USD per {now.unit}"


def _span(quantity: Quantity | None) -> str:
    if quantity is None:
        return "not declared"
    if quantity.is_exact:
        return shortest(quantity.expected)
    return "..".join(shortest(value) for value in (quantity.minimum, quantity.expected, quantity.maximum))


def _property_causes(old: PricedResource, new: PricedResource) -> Iterable[str]:
    if old.properties is None or new.properties is None:
        return
    hidden = old.secrets | new.secrets
    for name in sorted(old.properties.keys() | new.properties.keys()):
        was, now = old.properties.get(name), new.properties.get(name)
        if was == now:
            continue
        if name not in hidden and _may_be_shown(name, was) and _may_be_shown(name, now):
            yield f"property {name}: {_shown(was)} -> {_shown(now)}"
        else:
            yield f"property {name}"


def _may_be_shown(name: str, value: Plain) -> bool:
    return value is None or isinstance(value, bool | Decimal) or (isinstance(value, str) and name in _SHOWN_TEXTS)


def _shown(value: Plain) -> str:
    if value is None:
        return "absent"
    if isinstance(value, bool):
        return str(value).lower()
    return shortest(value) if isinstance(value, Decimal) else str(value)
