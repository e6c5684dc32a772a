"""One line of an estimate: a monthly quantity at a price, with the arithmetic that led to it."""

from __future__ import annotations

from dataclasses import dataclass

from pricing.price_book import Price
from pricing.quantity import Quantity


@dataclass(frozen=True, kw_only=True)
class LineItem:
    """A quantity of one priced unit. `quantity` is None when the usage that decides it was not declared.

    `declared` says that a team stated the amount itself, so that the price is not AWS's.
    """

    name: str
    price: Price
    quantity: Quantity | None
    formula: str
    by_usage: bool = False
    usage_key: str | None = None
    declared: bool = False

    @property
    def unit(self) -> str:
        """What one unit of the quantity is."""
        return self.price.unit

    @property
    def cost(self) -> Quantity | None:
        """USD a month at list price, unrounded; None when the quantity was not declared."""
        return None if self.quantity is None else self.quantity.map(self.price.cost)
