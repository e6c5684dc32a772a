from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pricing.line_item import LineItem
from pricing.price_age import growing_old, too_old, used_prices
from pricing.price_book import Price, PriceBook
from pricing.quantity import Quantity

TODAY = date(2026, 11, 28)
QUEUE = PriceBook.load().price("sqs.requests.standard", "us-east-1")


def aged(days: int, key: str = "k") -> Price:
    return replace(QUEUE, key=key, source_date=TODAY - timedelta(days=days))


@pytest.mark.parametrize(("days", "refused", "warned"), [(0, 0, 0), (90, 0, 0), (91, 0, 1), (180, 0, 1), (181, 1, 0)])
def test_the_age_is_that_of_the_source(days: int, refused: int, warned: int) -> None:
    assert len(list(too_old([aged(days)], TODAY))) == refused
    assert len(list(growing_old([aged(days)], TODAY))) == warned


def test_one_warning_names_the_first_day_without_a_price() -> None:
    (said,) = growing_old([aged(100, "b"), aged(120, "a"), aged(10, "c"), aged(95, "d"), aged(96, "e")], TODAY)
    assert "a, b, e and 1 more" in said
    assert str(TODAY + timedelta(days=60)) in said


def test_what_none_is_used_of_and_what_is_declared_has_no_age() -> None:
    line = LineItem(name="n", price=aged(999), quantity=Quantity.exact(0), formula="")
    assert used_prices([line, replace(line, quantity=Quantity.exact(1), declared=True)]) == []
    assert used_prices([line, replace(line, quantity=None)]) == [line.price]


def test_rows_do_not_all_expire_on_one_day() -> None:
    days = {price.last_day for price in PriceBook.load().validate()}
    assert len(days) >= 5
    assert max(days) - min(days) > timedelta(days=60)


def test_an_undated_source_never_has_high_confidence() -> None:
    undated = {price.confidence for price in PriceBook.load().validate() if price.undated}
    # There are some: else this would say nothing.
    assert undated
    assert undated <= {"medium", "low"}
