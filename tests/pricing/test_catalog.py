"""The price files themselves: every row readable, sourced, and of a plausible shape."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from pricing.price_book import CATALOG_DIRECTORY, Price, PriceBook

REGION = "us-east-1"
RULES = CATALOG_DIRECTORY.parent / "rules"
PRICES = PriceBook.load().validate()
BY_KEY = {price.key: price for price in PRICES if price.region in (REGION, "global")}
LISTED_AT_ZERO = {"budgets.budget", "sns.delivery.lambda", "sns.delivery.sqs", "ssm.parameter.standard"}
# Sizes as multiples of `large`.
SIZES = {
    "large": 1,
    "xlarge": 2,
    "2xlarge": 4,
    "4xlarge": 8,
    "8xlarge": 16,
    "12xlarge": 24,
    "16xlarge": 32,
    "24xlarge": 48,
}


def test_every_row_names_its_source_and_unit() -> None:
    for price in PRICES:
        assert len(price.source) > 10, price.key
        assert price.unit, price.key
        assert price.usage_type, price.key


def test_only_what_the_list_prices_at_zero_is_zero() -> None:
    assert {price.key for price in PRICES if price.unit_price == 0} <= LISTED_AT_ZERO


def test_tiers_only_fall() -> None:
    for price in PRICES:
        rates = [tier.price for tier in price.tiers]
        assert rates == sorted(rates, reverse=True), price.key


@pytest.mark.parametrize("path", sorted(CATALOG_DIRECTORY.glob("*.json")), ids=lambda path: path.stem)
def test_a_file_keeps_one_row_a_line_so_that_a_change_is_one_line(path: Path) -> None:
    rows = json.loads(path.read_text(encoding="utf-8"))["prices"]

    assert sum(line.lstrip().startswith('{"key"') for line in path.read_text(encoding="utf-8").splitlines()) == len(
        rows
    )


def _hours(prefix: str) -> dict[str, dict[str, Price]]:
    """Prices by family and size below a key prefix."""
    found: dict[str, dict[str, Price]] = {}
    for key, price in BY_KEY.items():
        if key.startswith(prefix):
            family, size = key.removeprefix(prefix).rsplit(".", 1)
            found.setdefault(family, {})[size] = price
    return found


@pytest.mark.parametrize(
    "prefix",
    [
        "ec2.linux.",
        "rds.instance.mysql.single_az.db.",
        "rds.instance.postgres.single_az.db.",
        "rds.instance.mariadb.multi_az.db.",
        "aurora.instance.db.",
    ],
)
def test_a_family_costs_in_proportion_to_its_size(prefix: str) -> None:
    families = _hours(prefix)
    assert len(families) >= 5
    for family, prices in families.items():
        if "large" not in prices or family.startswith(("g", "i7", "i3", "m4", "c4")):
            continue
        base = prices["large"].unit_price
        for size, factor in SIZES.items():
            if size in prices:
                assert abs(prices[size].unit_price / factor / base - 1) < Decimal("0.012"), (family, size)


def test_a_standby_doubles_a_database() -> None:
    for key, price in BY_KEY.items():
        if ".single_az." in key:
            double = BY_KEY[key.replace(".single_az.", ".multi_az.")]
            assert abs(double.unit_price / price.unit_price - 2) < Decimal("0.05"), key


def test_every_price_that_a_rule_names_is_listed() -> None:
    """Names that a rule puts together from properties are covered by the tests of that rule."""
    first = {key.split(".")[0] for key in BY_KEY}
    named = {
        text
        for path in RULES.glob("*.py")
        for text in re.findall(r'"([a-z_0-9]+(?:\.[a-z_0-9]+)+)"', path.read_text(encoding="utf-8"))
        if text.split(".")[0] in first
    }

    assert len(named) > 50
    assert {name for name in named if name not in BY_KEY and not _is_module(name)} == set()


def _is_module(name: str) -> bool:
    return name.startswith("pricing.") or name in ("versioning.enabled",)
