from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.errors import CatalogError
from pricing.price_book import PriceBook


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
