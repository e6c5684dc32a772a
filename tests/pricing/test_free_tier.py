from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.estimate import ResourceCost
from pricing.free_tier import after_free_tier
from pricing.line_item import LineItem
from pricing.price_book import Price, Tier
from pricing.quantity import Quantity
from pricing.registry import Classification
from pricing.resource import UNKNOWN, Plain, Resource

CALLS = Price(
    key="calls", service="S", usage_type="U", region="us-east-1", unit="call", free_quantity=Decimal(10),
    tiers=(Tier(Decimal(100), Decimal(2)), Tier(None, Decimal(1))), source="a worked example",
    source_date=date(2026, 11, 1), confidence="high",
)  # fmt: skip


def used(amount: int | Decimal, account: Plain = None, price: Price = CALLS) -> ResourceCost:
    line = LineItem(name="Calls", price=price, quantity=Quantity.exact(amount), formula="")
    owner = Resource(urn=f"u{account}{amount}", type="t", name="n", account=account)
    return ResourceCost(resource=owner, classification=Classification.PRICED, items=(line,))


@pytest.mark.parametrize(("amount", "left"), [(0, 0), (10, 0), (11, 2), (100, 180), (101, 181), (110, 190)])
def test_the_free_quantity_is_taken_off_the_first_tier(amount: int, left: int) -> None:
    assert after_free_tier([used(amount)], None) == Quantity.exact(left)


def test_each_account_has_its_own_and_the_stack_s_account_is_one_of_them() -> None:
    assert after_free_tier([used(20), used(20)], None) == Quantity.exact(60)
    assert after_free_tier([used(20), used(20, "222222222222")], "111111111111") == Quantity.exact(40)
    assert after_free_tier([used(20), used(21, "111111111111")], "111111111111") == Quantity.exact(62)


def test_all_regions_of_an_account_share_it_and_the_cheapest_gives_way() -> None:
    dearer = replace(CALLS, region="eu-west-1", tiers=(Tier(None, Decimal(3)),))
    assert after_free_tier([used(8), used(8, price=dearer)], None) == Quantity.exact(6 * 3)


def test_without_knowing_whose_it_is_nothing_is_said() -> None:
    assert after_free_tier([used(20), used(1, UNKNOWN)], "111111111111") is None


@given(st.lists(st.decimals(0, 500, places=1), max_size=5))
def test_it_never_costs_more_than_the_list_price(amounts: list[Decimal]) -> None:
    entries = [used(amount) for amount in amounts]
    left = after_free_tier(entries, None)
    assert left is not None
    assert 0 <= left.maximum <= sum((entry.cost.maximum for entry in entries), Decimal(0))
