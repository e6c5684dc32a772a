"""What a drill or a rescue costs, as far as the price book knows: an unknown price is said, and is not zero."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_UP, Decimal
from typing import TYPE_CHECKING, Final

from pricing.errors import CatalogError
from runners.backup.drill import Cost

if TYPE_CHECKING:
    from pricing.price_book import PriceBook

_UNITS: Final = {"1k": 1_000, "1K": 1_000, "10K": 10_000, "100K": 100_000, "1M": 1_000_000}


def known_cost(prices: PriceBook, region: str, parts: Iterable[tuple[str, Decimal, str]]) -> Cost:
    """The sum of parts, each with what it is, how much of it in single units, and the key of its price.

    Where a price is missing the sum is None, and `unknown` says of what.
    """
    total = Decimal(0)
    shown, unknown = [], []
    for what, quantity, key in parts:
        try:
            price = prices.price(key, region)
        except CatalogError:
            unknown.append(f"the price of {what} is unknown ({key} in {region})")
            continue
        usd = price.cost(quantity / _per(price.unit))
        total += usd
        shown.append(f"{quantity:.4f} {what} at {price.unit_price} USD a {price.unit} = {usd:.6f}")
    return Cost(
        usd=None if unknown else total.quantize(Decimal("0.0001"), ROUND_UP),
        lines=(*shown, *unknown),
        unknown=tuple(unknown),
    )


def _per(unit: str) -> int:
    return _UNITS.get(unit.split()[0], 1)
