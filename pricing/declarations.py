"""A team's own words on what this repository has no rule for: types that are free, and costs that it states itself.

They stand in the environment file, which the gate reads from the base branch. They never take the place of a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from pricing.closed_mapping import ClosedMapping
from pricing.line_item import LineItem
from pricing.price_book import Price, Tier
from pricing.quantity import Quantity
from pricing.registry import Classification, PriceRule, rule_for
from pricing.resource import Resource

FREE_KEYS: Final = ("type", "why", "source", "until")
COST_KEYS: Final = ("type", "name", "amount", "why", "source", "until")
LONGEST_DAYS: Final = 366
# What a declared cost has instead of a confidence in AWS's price.
DECLARED: Final = "declared"
_TYPE: Final = r"[A-Za-z0-9_.-]+:[A-Za-z0-9_./-]*:[A-Za-z0-9_.-]+"
_NAME: Final = r"\S.{0,199}"
_WORDS: Final = r"(?s).*\S.*"


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """One statement: a type or a name, what it costs (USD a month for each resource, None for a free type), and why."""

    type: str | None
    name: str | None
    amount: Decimal | None
    why: str
    source: str
    until: date
    place: str

    def fault(self, today: date) -> str | None:
        """Why it does not count; None if it counts."""
        if self.until < today:
            return (
                f"{self.place} ({self.what}) was declared until {self.until}; look at it again and renew or remove it"
            )
        if self.until > today + timedelta(days=LONGEST_DAYS):
            return f"{self.place} ({self.what}) holds until {self.until}; choose a day within {LONGEST_DAYS} days"
        return None

    @property
    def what(self) -> str:
        """The type or the name that it speaks of."""
        return str(self.name) if self.type is None else self.type

    def covers(self, resource: Resource) -> bool:
        """Whether it speaks of this resource."""
        return resource.name == self.name if self.name is not None else resource.type == self.type

    def item(self, resource: Resource, region: str) -> LineItem:
        """The declared cost as a line of the estimate."""
        assert self.amount is not None
        price = Price(
            key=f"declared.{resource.type}",
            service="",
            usage_type="",
            region=region,
            unit="month",
            tiers=(Tier(None, self.amount),),
            free_quantity=Decimal(0),
            source=f"{self.place}: {self.source}",
            source_date=self.until,
            confidence=DECLARED,
        )
        return LineItem(
            name="Declared cost",
            price=price,
            quantity=Quantity.exact(1),
            formula=f"declared: {self.why}",
            declared=True,
        )


@dataclass(frozen=True)
class Declarations:
    """All statements of one environment."""

    free: tuple[Declaration, ...] = ()
    costs: tuple[Declaration, ...] = ()

    @classmethod
    def read(cls, data: ClosedMapping, file: str) -> Declarations:
        """Reads `freeTypes` and `declaredCosts`.

        Raises:
            UsageError: an entry is malformed, or two speak of the same.
        """
        free = tuple(
            _declaration(entry, f"{file}: freeTypes[{n}]", None)
            for n, entry in enumerate(data.mappings("freeTypes", FREE_KEYS))
        )
        costs = tuple(
            _declaration(entry, f"{file}: declaredCosts[{n}]", entry.amount("amount"))
            for n, entry in enumerate(data.mappings("declaredCosts", COST_KEYS))
        )
        said = [(entry.type, entry.name) for entry in (*free, *costs)]
        for entry in (*free, *costs):
            if said.count((entry.type, entry.name)) > 1:
                raise data.refuse("freeTypes" if entry in free else "declaredCosts", f"{entry.what} once in both lists")
        return cls(free, costs)

    def __iter__(self) -> Iterator[Declaration]:
        return iter((*self.free, *self.costs))

    def of(self, resource: Resource, entry: PriceRule | None, today: date) -> Declaration | None:
        """The statement that counts for a resource: its name before its type, a cost before free.

        None where a rule prices it: no statement takes a rule's place.
        """
        if (entry is not None and entry.rule is not None) or is_priced(resource.type):
            return None
        said = [declared for declared in self if declared.covers(resource) and not declared.fault(today)]
        said.sort(key=lambda declared: (declared.name is None, declared.amount is None))
        return said[0] if said else None

    def faults(self, resources: Iterable[Resource], today: date) -> Iterator[tuple[str, str | None, str]]:
        """Code, resource and sentence of each statement that is refused: past its end, or over a rule."""
        for declared in self:
            if fault := declared.fault(today):
                yield "declaration-expired", None, fault
        for declared in self:
            if declared.type is not None and rule_for(declared.type) is not None and _is_over(declared):
                yield "declaration-over-rule", None, _over(declared, declared.type)
        for resource in resources:
            for declared in self:
                if declared.name is not None and declared.covers(resource) and is_priced(resource.type):
                    yield "declaration-over-rule", resource.urn, _over(declared, resource.type)

    def unused(self, resources: Iterable[Resource]) -> Iterator[str]:
        """One sentence for each statement that no resource needs."""
        listed = list(resources)
        for declared in self:
            if not any(declared.covers(resource) for resource in listed):
                yield f"{declared.place} ({declared.what}) speaks of no resource of the stack; is it needed?"


def is_priced(type_token: str) -> bool:
    """Whether a rule prices resources of this type."""
    entry = rule_for(type_token)
    return entry is not None and entry.rule is not None


def classified(declared: Declaration) -> tuple[Classification, str]:
    """How a resource is billed by a statement, and the reason to show."""
    kind = Classification.DECLARED_FREE if declared.amount is None else Classification.DECLARED_COST
    return kind, f"{declared.why} ({declared.source}; declared until {declared.until})"


def _is_over(declared: Declaration) -> bool:
    """A cost may be declared for what is known to be free itself: a command may create something that bills."""
    assert declared.type is not None
    return declared.amount is None or is_priced(declared.type)


def _over(declared: Declaration, type_token: str) -> str:
    how = "has a price rule" if is_priced(type_token) else "is classified already"
    return f"{declared.place}: {type_token} {how}, and no declaration takes its place; remove the entry"


def _declaration(data: ClosedMapping, place: str, amount: Decimal | None) -> Declaration:
    named = data.has("name")
    if named and data.has("type"):
        raise data.refuse("name", "either `type` or `name`")
    return Declaration(
        type=None if named else data.text("type", _TYPE, "a type token such as cloudflare:index/record:Record"),
        name=data.text("name", _NAME, "the logical name of one resource") if named else None,
        amount=amount,
        why=data.text("why", _WORDS, "a sentence"),
        source=data.text("source", _WORDS, "where the amount or the fact comes from"),
        until=data.day("until"),
        place=place,
    )
