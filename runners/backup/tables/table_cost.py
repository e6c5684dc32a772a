"""What the drill of a table costs at most, at list price. Source of each price: the price book."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from pricing.price_book import PriceBook
from runners.backup.drill import Cost
from runners.backup.known_cost import known_cost
from runners.backup.tables.reading import GROWTH, SOURCE_SCANS, scan_units
from runners.backup.tables.tables import TableShape

_GB: Final = Decimal(1024**3)
# Put, changed after the time, deleted.
_SENTINEL_WRITES: Final = 3
_HOURS: Final = Decimal(2)
_MONTH_HOURS: Final = Decimal(730)


def table_cost(shape: TableShape, prices: PriceBook, region: str) -> Cost:
    """Restore, three scans, three writes and two hours of a second table."""
    size = Decimal(shape.size_bytes) * GROWTH / _GB
    units = Decimal(scan_units(shape) * (SOURCE_SCANS + 1))
    parts = (
        ("GB restored", size, "dynamodb.restore"),
        ("read units, three scans", units, "dynamodb.read.on_demand.standard"),
        ("write units, the sentinel", Decimal(_SENTINEL_WRITES), "dynamodb.write.on_demand.standard"),
        ("GB-months, a second table for two hours", size * _HOURS / _MONTH_HOURS, "dynamodb.storage.standard"),
    )
    return known_cost(prices, region, parts)
