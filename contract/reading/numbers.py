"""Numbers as they are written: plain decimal digits, neither too large nor too small to be kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Final

ACCEPTED: Final = "a decimal number such as 12, 0.5 or 1e3, from 1e-300 to 1e300, of at most 100 characters"
_NUMBER: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_LEADING_ZERO: Final = re.compile(r"[-+]?0[0-9]")
_LONGEST: Final = 100
_FURTHEST: Final = 300

Number = Callable[[str], object]


def is_number(text: str) -> bool:
    """Whether it looks like a decimal number, leading zeros included."""
    return _NUMBER.fullmatch(text) is not None


def exact_number(text: str) -> Decimal:
    """The number a text says.

    Raises:
        ValueError: it is no number in plain digits, or out of bounds: it would be kept as zero or as infinity.
    """
    if len(text) > _LONGEST or not is_number(text) or _LEADING_ZERO.match(text):
        msg = f"not {ACCEPTED}"
        raise ValueError(msg)
    # Longer exponents than these cannot even be kept as a Decimal.
    exponent = re.split("[eE]", text)[1:] or ["0"]
    number = Decimal(text) if len(exponent[0].lstrip("+-0")) <= 4 else Decimal("1e9999")
    if number and abs(number.adjusted()) > _FURTHEST:
        msg = f"not {ACCEPTED}"
        raise ValueError(msg)
    return number


def plain_number(text: str) -> int | float:
    """The same as a whole number or a float.

    Raises:
        ValueError: it is no number in plain digits, or out of bounds.
    """
    number = exact_number(text)
    return int(number) if re.fullmatch(r"[-+]?[0-9]+", text) else float(number)


def number_of(value: object) -> Decimal | None:
    """The number that a read value says, as a number or as text in plain digits; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        return exact_number(str(value))
    except ValueError:
        return None


def has_other_digits(text: str) -> bool:
    """Whether it would be a number if its digits were those of ASCII."""
    if text.isascii():
        return False
    plain = "".join(str(unicodedata.decimal(sign, sign)) for sign in text)
    return plain != text and is_number(plain)
