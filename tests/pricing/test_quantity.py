from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.quantity import (
    DAYS_PER_MONTH,
    FORTNIGHTS_PER_MONTH,
    HOURS_PER_MONTH,
    WEEKS_PER_MONTH,
    ZERO,
    Quantity,
    total,
)

amounts = st.decimals(min_value=0, max_value=10**6, places=3)


@st.composite
def quantities(draw: st.DrawFn) -> Quantity:
    return Quantity(*sorted([draw(amounts), draw(amounts), draw(amounts)]))


@pytest.mark.parametrize("cases", [(2, 1, 3), (1, 3, 2), (-1, 0, 1)])
def test_a_range_that_falls_or_is_negative_is_refused(cases: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="minimum <= expected <= maximum"):
        Quantity(*(Decimal(case) for case in cases))


@given(quantities(), quantities())
def test_sums_and_products_keep_the_order_of_cases(left: Quantity, right: Quantity) -> None:
    for result in (left + right, left * right, total([left, right, left])):
        assert Decimal(0) <= result.minimum <= result.expected <= result.maximum
    assert left + right == right + left
    assert left + ZERO == left


def test_a_month_has_fifty_two_twelfths_of_weeks() -> None:
    assert (Quantity.exact(3) * WEEKS_PER_MONTH).expected.quantize(Decimal("0.001")) == Decimal("13.000")
    assert Quantity.exact(10) / 4 == Quantity.exact("2.5")
    assert Quantity.exact(1).is_exact
    assert not Quantity(Decimal(1), Decimal(1), Decimal(2)).is_exact


@given(st.lists(st.integers(1, 10_000), max_size=30), st.randoms())
def test_a_sum_does_not_depend_on_the_order(numbers: list[int], chance: random.Random) -> None:
    """Amounts by the hour have no end: in the default precision their sum depends on which is added first."""
    parts = [Quantity.exact(number) / HOURS_PER_MONTH for number in numbers]
    other = list(parts)
    chance.shuffle(other)
    assert total(parts) == total(other)


def test_how_long_a_month_is() -> None:
    assert (Decimal(730), Decimal(365)) == (HOURS_PER_MONTH, DAYS_PER_MONTH * 12)
    assert (WEEKS_PER_MONTH * 12).quantize(Decimal("0.0001")) == 52
    assert (FORTNIGHTS_PER_MONTH * 12).quantize(Decimal("0.0001")) == 26


def test_each_case_is_reckoned_by_itself() -> None:
    few, many = Quantity(Decimal(1), Decimal(2), Decimal(3)), Quantity(Decimal(10), Decimal(20), Decimal(40))
    assert few + many == Quantity(Decimal(11), Decimal(22), Decimal(43))
    assert few * many == Quantity(Decimal(10), Decimal(40), Decimal(120))
    assert few * 2 == few * Decimal(2) == Quantity(Decimal(2), Decimal(4), Decimal(6))
    assert many / 10 == Quantity(Decimal(1), Decimal(2), Decimal(4))
    assert few.map(lambda value: value + 1) == Quantity(Decimal(2), Decimal(3), Decimal(4))
    assert (total([]), ZERO, Quantity.exact(0)) == (ZERO, Quantity.exact("0"), ZERO)
    assert Quantity(Decimal(0), Decimal(0), Decimal(0)) == ZERO
