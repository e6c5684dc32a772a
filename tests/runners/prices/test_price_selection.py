from __future__ import annotations

from decimal import Decimal

import pytest

from pricing.price_book import PriceBook
from runners.prices.price_selection import NOT_SEEN, scale, selection


@pytest.mark.parametrize(
    ("usage_type", "listed", "matches"),
    [
        ("CW:AlarmMonitorUsage", "CW:AlarmMonitorUsage", True),
        ("CW:AlarmMonitorUsage", "EUW2-CW:AlarmMonitorUsage", True),
        ("CW:AlarmMonitorUsage", "EU-CW:AlarmMonitorUsage", True),
        ("CW:AlarmMonitorUsage", "CW:AlarmMonitorUsage-Extra", False),
        ("USE1-DataProcessing-Bytes", "EUC1-DataProcessing-Bytes", True),
        ("USE1-DataProcessing-Bytes", "EUC1-VendedLog-DataProcessing-Bytes", False),
        ("us-east-1-KMS-Keys", "eu-west-1-KMS-Keys", True),
        ("Requests-Tier1", "EU-Requests-Tier1", True),
        ("Requests-Tier1", "F-Requests-Tier1", False),
        ("BoxUsage:t3.micro", "EU-SpotUsage:t3.micro", False),
    ],
)
def test_a_usage_type_is_the_same_in_every_region(usage_type: str, listed: str, matches: bool) -> None:
    wanted = selection("some.key", "AmazonAny", usage_type, "eu-west-1")
    assert wanted is not None
    assert wanted.matches(listed) is matches


def test_products_that_share_a_usage_type_are_told_apart() -> None:
    mysql = selection("rds.instance.mysql.single_az.db.t3.micro", "AmazonRDS", "InstanceUsage:db.t3.micro", "eu-west-1")
    assert mysql is not None
    assert mysql.attributes == {"databaseEngine": "MySQL"}
    network = selection("elb.network.hour", "AWSELB", "LoadBalancerUsage (Network)", "eu-west-1")
    assert network is not None
    assert (network.usage_type, network.attributes["operation"]) == ("LoadBalancerUsage", "LoadBalancing:Network")


@pytest.mark.parametrize(
    ("unit", "listed", "factor"),
    [
        ("instance-hour", "Hrs", 1),
        ("1M requests", "Requests", 1_000_000),
        ("10K requests", "Requests", 10_000),
        ("1k objects", "Requests", 1_000),
        ("GB-hour", "GB-Second", 3_600),
        ("GB-second", "Second", 1),
    ],
)
def test_prices_are_scaled_to_the_unit_of_the_book(unit: str, listed: str, factor: int) -> None:
    assert scale(unit, listed) == Decimal(factor)


def test_every_row_of_the_book_can_be_asked_for_or_says_that_it_was_never_seen() -> None:
    for price in PriceBook.load().validate():
        wanted = selection(price.key, price.service, price.usage_type, price.region)
        assert (wanted is None) == (price.usage_type == NOT_SEEN), price.key
        assert wanted is None or " " not in wanted.usage_type, price.key
