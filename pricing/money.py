"""Amounts as text: exact and plain for machines, to the cent for people."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import Final

CURRENCY: Final = "USD"
_PLACES: Final = Decimal(1).scaleb(-10)
_CENT: Final = Decimal("0.01")
# Files may say numbers up to 1e300, and products of such have as many digits more.
_WIDE: Final = Context(prec=2_000)


def rounded_to(unit: Decimal, value: Decimal, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """The value in whole units, however large it is."""
    return value.quantize(unit, rounding=rounding, context=_WIDE)


def exact(value: Decimal) -> Decimal:
    """The amount to ten decimal places, which is what documents carry: months have 52/12 weeks, not a round number."""
    return rounded_to(_PLACES, value, ROUND_HALF_UP)


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
    return rounded_to(_CENT, value, ROUND_HALF_UP)


def dollars(value: Decimal) -> str:
    """The amount to the cent for people: `$1,234.50`, `-$3.00`."""
    rounded = cents(value)
    return f"{'-' if rounded < 0 else ''}${rounded.copy_abs():,.2f}"


def dollars_up(value: Decimal) -> str:
    """The amount rounded up to the cent, so that nothing over a limit looks equal to it."""
    return dollars(rounded_to(_CENT, value, ROUND_CEILING))


def signed_dollars(value: Decimal) -> str:
    """A difference to the cent, with its sign: `+$1.20`, `-$3.00`, `$0.00`."""
    rounded = cents(value)
    return f"+{dollars(rounded)}" if rounded > 0 else dollars(rounded)


def percent(fraction: Decimal) -> str:
    """A fraction of one as `87 %`; never `100 %` for what is not quite all or a little more."""
    value = fraction * 100
    whole = rounded_to(Decimal(1), value, ROUND_HALF_UP)
    if whole == 100 and value != 100:
        rounding = ROUND_FLOOR if value < 100 else ROUND_CEILING
        return f"{rounded_to(Decimal('0.1'), value, rounding)} %"
    return f"{whole} %"
