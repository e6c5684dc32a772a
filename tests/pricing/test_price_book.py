from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.errors import CatalogError
from pricing.price_book import Price, PriceBook, Tier


def row(**changes: object) -> dict[str, Any]:
    values: dict[str, object] = {
        "key": "cloudwatch.metric", "region": "us-east-1", "usage_type": "CW:MetricMonitorUsage", "unit": "metric-month",  # noqa: E501
        "tiers": [
            {"up_to": "10000", "price": "0.30"}, {"up_to": "250000", "price": "0.10"}, {"up_to": None, "price": "0.05"},
        ],
        "free_quantity": "10", "source": "AWS Price List", "source_date": "2026-11-25", "confidence": "high",
    }  # fmt: skip
    return values | changes


def book_of(directory: Path, *rows: dict[str, Any]) -> PriceBook:
    (directory / "cloudwatch.json").write_text(json.dumps({"service": "AmazonCloudWatch", "prices": rows}))
    return PriceBook.load(directory)


@pytest.mark.parametrize(
    ("quantity", "usd"),
    [("0", "0"), ("1", "0.30"), ("10000", "3000"), ("10001", "3000.10"), ("250000", "27000"), ("250002", "27000.10")],
)
def test_tiers_are_priced_band_by_band(tmp_path: Path, quantity: str, usd: str) -> None:
    price = book_of(tmp_path, row()).price("cloudwatch.metric", "us-east-1")
    assert price.cost(Decimal(quantity)) == Decimal(usd)
    assert sum((part for _, part in price.bands(Decimal(quantity))), Decimal(0)) == Decimal(quantity)


@given(st.decimals(0, 10**6, places=2), st.decimals(0, 10**6, places=2))
def test_more_never_costs_less(tmp_path_factory: pytest.TempPathFactory, one: Decimal, other: Decimal) -> None:
    price = book_of(tmp_path_factory.getbasetemp(), row()).price("cloudwatch.metric", "us-east-1")
    low, high = sorted([one, other])
    assert Decimal(0) <= price.cost(low) <= price.cost(high)


def test_a_price_of_everywhere_serves_each_region_but_a_regional_one_wins(tmp_path: Path) -> None:
    book = book_of(
        tmp_path,
        row(region="global", tiers=[{"up_to": None, "price": "1"}]),
        row(region="eu-west-1", tiers=[{"up_to": None, "price": "2"}]),
    )
    assert book.price("cloudwatch.metric", "us-east-1").unit_price == 1
    assert book.price("cloudwatch.metric", "eu-west-1").unit_price == 2
    assert book.regions() == ["eu-west-1"]


def test_a_missing_price_names_key_region_and_the_command_that_adds_it(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"'cloudwatch\.metric' in region 'eu-north-1'.*--region eu-north-1"):
        book_of(tmp_path, row()).price("cloudwatch.metric", "eu-north-1")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"tiers": []}, "last tier"),
        ({"tiers": [{"up_to": "5", "price": "1"}]}, "last tier"),
        ({"tiers": [{"up_to": None, "price": "-1"}]}, "negative"),
        ({"tiers": [{"up_to": None, "price": "much"}]}, "malformed"),
        (
            {"tiers": [{"up_to": "9", "price": "1"}, {"up_to": "5", "price": "1"}, {"up_to": None, "price": "1"}]},
            "rise",
        ),
        ({"source_date": "yesterday"}, "malformed"),
        ({"confidence": "sure"}, "accepted are high, medium, low"),
        ({"prize": "1"}, "prize"),
    ],
)
def test_a_malformed_row_is_refused_by_file_and_key(tmp_path: Path, changes: dict[str, Any], says: str) -> None:
    book = book_of(tmp_path, row(**changes))
    with pytest.raises(CatalogError, match=says) as failure:
        book.validate()
    assert "cloudwatch.json" in str(failure.value)
    assert "cloudwatch.metric" in str(failure.value)


@pytest.mark.parametrize("content", ["{", "[]", '{"service": "x"}', '{"service": "x", "prices": [1]}'])
def test_a_file_that_is_no_catalogue_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "broken.json").write_text(content)
    with pytest.raises(CatalogError, match=r"broken\.json"):
        PriceBook.load(tmp_path)


def test_no_files_and_double_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="no price files"):
        PriceBook.load(tmp_path)
    with pytest.raises(CatalogError, match="listed twice"):
        book_of(tmp_path, row(), row())


def test_the_shipped_catalogue_is_sound() -> None:
    prices = PriceBook.load().validate()
    assert prices
    assert all(price.source for price in prices)


def price_of(directory: Path, **changes: object) -> Price:
    return book_of(directory, row(**changes)).price("cloudwatch.metric", "us-east-1")


def test_what_a_row_says_is_what_the_price_has(tmp_path: Path) -> None:
    price = price_of(tmp_path, derived="x", undated=True)
    assert price == Price(
        key="cloudwatch.metric", service="AmazonCloudWatch", usage_type="CW:MetricMonitorUsage", region="us-east-1",
        unit="metric-month", tiers=(Tier(Decimal(10000), Decimal("0.30")), Tier(Decimal(250000), Decimal("0.10")),
                                    Tier(None, Decimal("0.05"))),
        free_quantity=Decimal(10), source="AWS Price List", source_date=date(2026, 11, 25), confidence="high",
        undated=True, derived="x",
    )  # fmt: skip


def test_what_a_row_need_not_say(tmp_path: Path) -> None:
    plain = row()
    del plain["free_quantity"]
    price = book_of(tmp_path, plain).price("cloudwatch.metric", "us-east-1")
    assert (price.free_quantity, price.undated, price.derived) == (Decimal(0), False, "")
    assert not replace(price, key="x").undated
    bare = Price(**{name: value for name, value in vars(price).items() if name not in ("undated", "derived")})
    assert (bare.undated, bare.derived) == (False, "")


@pytest.mark.parametrize("missing", ["key", "region", "usage_type", "unit", "tiers", "source", "source_date"])
def test_what_a_row_must_say(missing: str, tmp_path: Path) -> None:
    spoilt = row()
    del spoilt[missing]
    with pytest.raises(CatalogError, match=f"missing or unknown: {missing}"):
        book_of(tmp_path, spoilt).validate()


@pytest.mark.parametrize(
    ("tiers", "says"),
    [
        ([{"up_to": "5", "price": "1"}, {"up_to": "5", "price": "1"}, {"up_to": None, "price": "1"}], "rise"),
        ([{"up_to": None, "price": "1"}, {"up_to": None, "price": "1"}], "the last tier, and only the last"),
        ([{"up_to": None, "price": "Infinity"}], "negative|malformed"),
        ([{"up_to": None}], "malformed"),
        ([{"price": "1"}], "malformed"),
        ([3], "malformed"),
        (None, "malformed"),
    ],
)
def test_tiers_that_are_none(tiers: object, says: str, tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=says):
        price_of(tmp_path, tiers=tiers)


def test_what_costs_nothing_may_be_listed(tmp_path: Path) -> None:
    assert price_of(tmp_path, tiers=[{"up_to": None, "price": "0"}]).cost(Decimal(9)) == 0


def test_a_quantity_is_split_at_the_end_of_each_tier(tmp_path: Path) -> None:
    price = price_of(tmp_path)
    parts = {amount: [part for _, part in price.bands(Decimal(amount))] for amount in (0, 10000, 10001, 250000, 250001)}
    assert parts == {0: [0], 10000: [10000], 10001: [10000, 1], 250000: [10000, 240000], 250001: [10000, 240000, 1]}


def test_how_old_a_price_is(tmp_path: Path) -> None:
    price = price_of(tmp_path)
    assert (price.age_days(date(2026, 11, 27)), price.age_days(date(2026, 11, 24))) == (2, -1)
    assert price.last_day == date(2027, 5, 24)


def test_what_the_book_has(tmp_path: Path) -> None:
    book = book_of(tmp_path, row(region="eu-west-1"), row(key="a", region="global"))
    assert book.keys() == [("a", "global"), ("cloudwatch.metric", "eu-west-1")]
    assert (book.has("cloudwatch.metric", "eu-west-1"), book.has("cloudwatch.metric", "us-east-1")) == (True, False)
    assert book.has("a", "us-east-1")
    assert book.price("a", "x") is book.price("a", "y")
    nothing = book.unneeded("b", "us-east-1")
    assert (nothing.key, nothing.region, nothing.cost(Decimal(5)), nothing.free_quantity) == (
        "b",
        "us-east-1",
        Decimal(0),
        Decimal(0),
    )
