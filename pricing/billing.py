"""What a price rule works with: the resource, declared usage, and the price book, with unknowns kept honest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from contract.reading.numbers import number_of
from pricing.clock import judged_on
from pricing.line_item import LineItem
from pricing.price_book import Price, PriceBook
from pricing.quantity import HOURS_PER_MONTH, Quantity
from pricing.resource import UNKNOWN, Graph, Plain, Resource
from pricing.usage import UnitOf, Usage


class Unbounded(Exception):
    """A property that decides the price is unknown, and no usage bounds it."""

    def __init__(self, path: str, key: str | None) -> None:
        self.path, self.key = path, key
        remedy = f"declare usage `{key}` for it" if key else "set it to a value that is known at preview"
        super().__init__(f"property `{path}` decides the price and is unknown at preview; {remedy}")


class Unpriceable(Exception):
    """A property has a value for which the rule has no price; the message names it and what is accepted."""


@dataclass(kw_only=True)
class Billing:
    """One resource under a rule, on the day `as_of`. Reads through this class record what rested on declared usage.

    `unit_of` gives the unit of a type's usage key, as the rules say it.
    """

    resource: Resource
    graph: Graph
    usage: Usage
    book: PriceBook
    default_region: str
    unit_of: UnitOf
    defaults: dict[str, Quantity] = field(default_factory=dict)
    bounded: list[str] = field(default_factory=list)
    hours: Decimal = HOURS_PER_MONTH
    as_of: date = field(default_factory=judged_on)

    @property
    def region(self) -> str:
        """The resource's own region, else its provider's, else the stack's.

        Raises:
            Unbounded: it is unknown; the stack's region would be a guess then.
        """
        if self.resource.region is UNKNOWN:
            raise Unbounded("region", None)
        return self.text("region", str(self.resource.region or self.default_region))

    def declared(self, resource: Resource, key: str) -> Quantity | None:
        """Declared usage of any resource of the stack, else of its type, in the key's unit; None when undeclared."""
        return self.usage.declared(resource.type, resource.name, key, self.unit_of)

    def use(self, key: str) -> Quantity | None:
        """Declared usage of the resource, else of its type, else the key's default; None when undeclared."""
        declared = self.declared(self.resource, key)
        return declared if declared is not None else self.defaults.get(key)

    def used(self, key: str) -> Quantity:
        """Declared usage of a key that has a default, else the default."""
        declared = self.declared(self.resource, key)
        return self.defaults[key] if declared is None else declared

    def number(self, path: str, *, unknown: str | None = None, default: Decimal | int | None = None) -> Quantity:
        """A numeric property; when it is unknown, the declared usage `unknown` bounds it.

        Raises:
            Unbounded: it is unknown and nothing bounds it.
            Unpriceable: it is absent without default, or not a number.
        """
        value = self.resource.get(path)
        if value is UNKNOWN:
            bound = self.declared(self.resource, unknown) if unknown else None
            if bound is None:
                raise Unbounded(path, unknown)
            self.bounded.append(path)
            return bound
        if value is None and default is not None:
            return Quantity.exact(default)
        return Quantity.exact(_decimal(path, value))

    def text(self, path: str, default: str | None = None, *, unknown: str | None = None) -> str:
        """A text property; `unknown` is the value to assume when it is unknown (the most expensive)."""
        value = self.resource.get(path)
        if value is UNKNOWN:
            if unknown is None:
                raise Unbounded(path, None)
            self.bounded.append(path)
            return unknown
        if value is None and default is not None:
            return default
        if isinstance(value, str):
            return value
        msg = f"property `{path}` is {value!r}; a text is needed"
        raise Unpriceable(msg)

    def flag(self, path: str, *, default: bool = False, unknown: bool | None = None) -> bool:
        """A boolean property; `unknown` is the value to assume when it is unknown (the most expensive)."""
        value = self.resource.get(path)
        if value is UNKNOWN:
            if unknown is None:
                raise Unbounded(path, None)
            self.bounded.append(path)
            return unknown
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        if value in ("true", "false"):
            return value == "true"
        msg = f"property `{path}` is {value!r}; true or false is needed"
        raise Unpriceable(msg)

    def items_of(self, path: str) -> list[Plain]:
        """A list property, empty when absent; a single object counts as a list of one."""
        value = self.resource.get(path)
        if value is UNKNOWN:
            raise Unbounded(path, None)
        if value is None:
            return []
        return value if isinstance(value, list) else [value]

    def price(self, key: str) -> Price:
        """The price of this key in the resource's region."""
        return self.book.price(key, self.region)

    def item(
        self,
        name: str,
        price_key: str,
        quantity: Quantity | Decimal | int | None,
        formula: str,
        *,
        by_usage: bool = False,
        usage_key: str | None = None,
    ) -> LineItem:
        """A line of the estimate at the price of `price_key` in the resource's region.

        A quantity of zero needs no price, so that a region need not list what nobody uses there.
        """
        amount = quantity if quantity is None or isinstance(quantity, Quantity) else Quantity.exact(quantity)
        needed = amount is None or amount.maximum > 0 or self.book.has(price_key, self.region)
        return LineItem(
            name=name,
            price=self.price(price_key) if needed else self.book.unneeded(price_key, self.region),
            quantity=amount,
            formula=formula,
            by_usage=by_usage or usage_key is not None,
            usage_key=usage_key,
        )

    def usage_item(
        self, name: str, price_key: str, key: str, *, divisor: Decimal | int = 1, factor: Decimal | int = 1
    ) -> LineItem:
        """A line whose quantity is declared usage `key`, times `factor`, in units of `divisor`."""
        declared = self.use(key)
        quantity = None if declared is None else declared * Decimal(factor) / Decimal(divisor)
        formula = f"{key} {_span(declared)}"
        formula += f" x {factor}" if Decimal(factor) != 1 else ""
        formula += f" / {divisor}" if Decimal(divisor) != 1 else ""
        return self.item(name, price_key, quantity, formula, usage_key=key)

    def optional_item(self, name: str, price_key: str, key: str, *, divisor: Decimal | int = 1) -> Iterator[LineItem]:
        """The line of a usage that has a default; none where nothing of it is used."""
        if self.used(key).maximum > 0:
            yield self.usage_item(name, price_key, key, divisor=divisor)


def _span(quantity: Quantity | None) -> str:
    if quantity is None:
        return "(not declared)"
    if quantity.is_exact:
        return f"{quantity.expected:f}"
    return f"{quantity.minimum:f}..{quantity.expected:f}..{quantity.maximum:f}"


def _decimal(path: str, value: Plain) -> Decimal:
    number = value if isinstance(value, Decimal) else number_of(value)
    if number is None or not number.is_finite() or number < 0:
        msg = f"property `{path}` is {value!r}; a number of zero or more is needed"
        raise Unpriceable(msg)
    return number
