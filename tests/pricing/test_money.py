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


@pytest.mark.parametrize(
    ("fraction", "told"),
    [("1", "100 %"), ("0.5", "50 %"), ("0.005", "1 %"), ("0.9999", "99.9 %"), ("1.0001", "100.1 %"), ("1.01", "101 %")],
)
def test_a_share_is_whole_only_where_it_is(fraction: str, told: str) -> None:
    assert percent(Decimal(fraction)) == told


@pytest.mark.parametrize(
    ("amount", "told"),
    [("0", "0"), ("-0.00", "0"), ("10", "10"), ("10.0", "10"), ("0.10", "0.1"), ("1E+3", "1000"), ("-1.50", "-1.5")],
)
def test_a_number_without_exponent_or_zeros_at_its_end(amount: str, told: str) -> None:
    assert shortest(Decimal(amount)) == told


def test_amounts_with_a_sign() -> None:
    told = [signed_dollars(Decimal(text)) for text in ("1.2", "-3", "0.004", "-0.004", "0.005", "0.01")]
    assert told == ["+$1.20", "-$3.00", "$0.00", "$0.00", "+$0.01", "+$0.01"]
    assert (dollars(Decimal("-0.01")), dollars(Decimal("0.005"))) == ("-$0.01", "$0.01")
