from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from pricing.price_book import PriceBook
from runners.backup.buckets.bucket_cost import Copied, drill_cost, rescue_cost
from runners.backup.buckets.objects import Version

GB = 1024**3
# 1 write at 0.005 and 6 reads at 0.0004 a thousand.
REQUESTS = Decimal("0.0000074")


def copied(size: int, storage: str) -> Copied:
    found = Copied()
    found.add(Version(key="k", id="v", modified=datetime.now(UTC), size=size, storage=storage))
    return found


@pytest.mark.parametrize(
    ("storage", "usd"),
    [
        ("STANDARD", Decimal(100) * Decimal("0.023")),
        # Read three times: by the copy, and as what was there and what is there by the comparison.
        ("STANDARD_IA", Decimal(100) * (Decimal("0.0125") + 3 * Decimal("0.01"))),
        ("ONEZONE_IA", Decimal(100) * (Decimal("0.01") + 3 * Decimal("0.01"))),
        ("GLACIER_IR", Decimal(100) * (Decimal("0.004") + 3 * Decimal("0.03"))),
        ("INTELLIGENT_TIERING", Decimal(100) * Decimal("0.023")),
        # The copy of a retrieved one is in the standard class.
        ("DEEP_ARCHIVE", Decimal(100) * Decimal("0.023")),
    ],
)
def test_a_copy_bills_a_month_of_its_class(storage: str, usd: Decimal) -> None:
    cost = rescue_cost(copied(100 * GB, storage), PriceBook.load(), "us-east-1")
    assert cost.usd is not None
    assert Decimal(0) <= cost.usd - usd - REQUESTS < Decimal("0.0001")
    assert cost.unknown == ()


def test_small_objects_of_the_cheaper_classes_bill_128_kb() -> None:
    assert copied(1, "STANDARD_IA").stored == {"STANDARD_IA": 128 * 1024}
    assert copied(1, "STANDARD").stored == {"STANDARD": 1}


def test_what_has_no_price_is_said_and_is_not_zero() -> None:
    prices = PriceBook.load()
    cost = rescue_cost(copied(GB, "REDUCED_REDUNDANCY"), prices, "us-east-1")
    assert cost.usd is None
    assert "s3.storage.reduced_redundancy in us-east-1" in cost.unknown[0]
    assert len(rescue_cost(copied(GB, "STANDARD_IA"), PriceBook({}, ""), "us-east-1").unknown) == 4
    assert rescue_cost(Copied(), PriceBook({}, ""), "us-east-1").usd == 0
    assert drill_cost(10, GB, PriceBook({}, ""), "us-east-1").usd is None
