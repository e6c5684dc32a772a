"""What would be left to pay if the permanent free tier were still unused.

AWS takes the free quantity off the first units of a month, so off the first tier, and adds up what all regions of an
account use: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/billing-free-tier.html.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from pricing.price_book import Price
from pricing.quantity import ZERO, Quantity
from pricing.resource import UNKNOWN

if TYPE_CHECKING:
    from pricing.estimate import ResourceCost


def after_free_tier(entries: Iterable[ResourceCost], account: str | None) -> Quantity | None:
    """USD a month when each account has its free tier for itself and nothing of it is used.

    `account` is the stack's. None where the account of something that is billed is not known: whose free tier it uses
    is not known then either.
    """
    used: dict[tuple[object, str], dict[str, tuple[Price, Quantity]]] = {}
    for entry in entries:
        for item in entry.items:
            if item.quantity is None:
                continue
            if entry.resource.account is UNKNOWN:
                return None
            regions = used.setdefault((entry.resource.account or account, item.price.key), {})
            _, quantity = regions.get(item.price.region, (item.price, ZERO))
            regions[item.price.region] = (item.price, quantity + item.quantity)
    total = ZERO
    for regions in used.values():
        total += _left(list(regions.values()))
    return total


def _left(regions: list[tuple[Price, Quantity]]) -> Quantity:
    # Which region the free quantity falls to is AWS's choice: here the cheapest, which promises least.
    rising = sorted(regions, key=lambda pair: (pair[0].unit_price, pair[0].region))

    def bill(amounts: Iterable[Decimal]) -> Decimal:
        cost, free = Decimal(0), min(price.free_quantity for price, _ in rising)
        for (price, _), amount in zip(rising, amounts, strict=True):
            part = min(amount, free)
            free -= part
            cost += price.cost(amount) - price.cost(part)
        return cost

    return Quantity(
        bill(quantity.minimum for _, quantity in rising),
        bill(quantity.expected for _, quantity in rising),
        bill(quantity.maximum for _, quantity in rising),
    )
