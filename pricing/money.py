"""Amounts as text: exact and plain for machines, to the cent for people."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final

CURRENCY: Final = "USD"
_PLACES: Final = Decimal(1).scaleb(-10)
_CENT: Final = Decimal("0.01")


def exact(value: Decimal) -> Decimal:
    """The amount to ten decimal places, which is what documents carry: months have 52/12 weeks, not a round number."""
    return value.quantize(_PLACES, rounding=ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """The amount without exponent and without trailing zeros, at most ten decimal places."""
    return shortest(exact(value))


def shortest(value: Decimal) -> str:
    """The number as it is, without exponent and without trailing zeros."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def cents(value: Decimal) -> Decimal:
    """The amount to the cent, halves away from zero."""
    return value.quantize(_CENT, rounding=ROUND_HALF_UP)


def dollars(value: Decimal) -> str:
    """The amount to the cent for people: `$1,234.50`, `-$3.00`."""
    rounded = cents(value)
    return f"{'-' if rounded < 0 else ''}${abs(rounded):,.2f}"


def dollars_up(value: Decimal) -> str:
    """The amount rounded up to the cent, so that nothing over a limit looks equal to it."""
    return dollars(value.quantize(_CENT, rounding=ROUND_CEILING))


def signed_dollars(value: Decimal) -> str:
    """A difference to the cent, with its sign: `+$1.20`, `-$3.00`, `$0.00`."""
    rounded = cents(value)
    return f"+{dollars(rounded)}" if rounded > 0 else dollars(rounded)


def percent(fraction: Decimal) -> str:
    """A fraction of one as `87 %`; never `100 %` for what is not quite all or a little more."""
    value = fraction * 100
    whole = value.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    if whole == 100 and value != 100:
        rounding = ROUND_FLOOR if value < 100 else ROUND_CEILING
        return f"{value.quantize(Decimal('0.1'), rounding=rounding)} %"
    return f"{whole} %"
