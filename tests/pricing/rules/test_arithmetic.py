from __future__ import annotations

from decimal import Decimal

import pytest

from pricing.quantity import Quantity
from pricing.rules.arithmetic import shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "(not declared)"),
        (0, "0"),
        (730, "730"),
        (Decimal("5E+3"), "5000"),
        (Decimal(52) / 12, "4.3333"),
        (Decimal("0.0000166667"), "0.0000166667"),
        (Decimal("1.50"), "1.5"),
        (Decimal("2.00"), "2"),
        (Quantity.exact(3), "3"),
        (Quantity(Decimal(1), Decimal(2), Decimal("2.5")), "1..2..2.5"),
    ],
)
def test_numbers_are_short_and_plain(value: Quantity | Decimal | int | None, text: str) -> None:
    assert shown(value) == text
