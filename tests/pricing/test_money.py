from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

import pytest

from pricing.money import dollars, dollars_up, percent, plain, rounded_to, shortest, signed_dollars

HUGE = Decimal("1e600") + Decimal("0.005")


@pytest.mark.parametrize("number", [Decimal("1e30"), Decimal("1e300"), Decimal("-1e300"), HUGE])
def test_no_amount_is_too_large_to_be_told(number: Decimal) -> None:
    for told in (dollars, dollars_up, signed_dollars, percent, plain):
        assert told(number)
    assert rounded_to(Decimal("0.01"), number, ROUND_CEILING) == number
    assert shortest(number) == plain(number)


def test_small_amounts_are_rounded_as_ever() -> None:
    assert (dollars(Decimal("2.005")), dollars_up(Decimal("2.001"))) == ("$2.01", "$2.01")
    assert (dollars(Decimal("-1234.5")), signed_dollars(Decimal("0.001"))) == ("-$1,234.50", "$0.00")
    assert plain(Decimal("0.12345678905")) == "0.1234567891"
    assert percent(Decimal("0.999")) == "99.9 %"
