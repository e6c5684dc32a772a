"""How formulas write numbers: short, without exponents, a range as minimum..expected..maximum."""

from __future__ import annotations

from decimal import Decimal

from pricing.money import rounded_to
from pricing.quantity import Quantity

_PLACES = Decimal("0.0001")


def shown(value: Quantity | Decimal | int | None) -> str:
    """A number for a formula.

    >>> shown(Decimal("4.3333333")), shown(Quantity(Decimal(1), Decimal(2), Decimal(3))), shown(None)
    ('4.3333', '1..2..3', '(not declared)')
    """
    if value is None:
        return "(not declared)"
    if isinstance(value, Quantity):
        if value.is_exact:
            return shown(value.expected)
        return f"{shown(value.minimum)}..{shown(value.expected)}..{shown(value.maximum)}"
    number = Decimal(value)
    if abs(number) >= _PLACES:
        number = rounded_to(_PLACES, number)
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
