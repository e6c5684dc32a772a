"""Quantities that are not one number but a range: what a month brings at least, as expected, and at most."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import reduce

_EXACT = Context(prec=60)
HOURS_PER_MONTH = Decimal(730)
WEEKS_PER_MONTH = Decimal(52) / Decimal(12)
FORTNIGHTS_PER_MONTH = Decimal(26) / Decimal(12)
DAYS_PER_MONTH = Decimal(365) / Decimal(12)


@dataclass(frozen=True)
class Quantity:
    """A monthly amount with `minimum <= expected <= maximum`, none negative."""

    minimum: Decimal
    expected: Decimal
    maximum: Decimal

    def __post_init__(self) -> None:
        if not Decimal(0) <= self.minimum <= self.expected <= self.maximum:
            msg = f"need 0 <= minimum <= expected <= maximum, got {self.minimum}, {self.expected}, {self.maximum}"
            raise ValueError(msg)

    @classmethod
    def exact(cls, value: Decimal | int | str) -> Quantity:
        """A quantity that is known: all three cases are equal."""
        number = Decimal(value)
        return cls(number, number, number)

    def map(self, function: Callable[[Decimal], Decimal]) -> Quantity:
        """Applies a non-decreasing function to each case."""
        return Quantity(function(self.minimum), function(self.expected), function(self.maximum))

    def __add__(self, other: Quantity) -> Quantity:
        # Exactly: an amount divided by the hours of a month has no end, and a sum must not depend on the order.
        add = _EXACT.add
        return Quantity(
            add(self.minimum, other.minimum), add(self.expected, other.expected), add(self.maximum, other.maximum)
        )

    def __mul__(self, other: Quantity | Decimal | int) -> Quantity:
        factor = other if isinstance(other, Quantity) else Quantity.exact(other)
        return Quantity(self.minimum * factor.minimum, self.expected * factor.expected, self.maximum * factor.maximum)

    def __truediv__(self, divisor: Decimal | int) -> Quantity:
        number = Decimal(divisor)
        return self.map(lambda value: value / number)

    @property
    def is_exact(self) -> bool:
        """True when the three cases are one number."""
        return self.minimum == self.maximum


ZERO = Quantity.exact(0)


def total(quantities: Iterable[Quantity]) -> Quantity:
    """The sum of quantities, zero for none."""
    return reduce(lambda a, b: a + b, quantities, ZERO)
