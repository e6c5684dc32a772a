"""What bringing objects of a bucket back costs at list price. Source of each price: the price book."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from pricing.price_book import PriceBook
from runners.backup.buckets.objects import ARCHIVED, Version
from runners.backup.drill import Cost
from runners.backup.known_cost import known_cost

_GB: Final = Decimal(1024**3)
# For each object: asked about, its ACL, read and compared twice.
READS: Final = 6
# The bytes of each object are read by the copy, and twice by the comparison.
_TIMES_READ: Final = 3
_PLAIN: Final = "STANDARD"
# The price book's words for the classes of S3's answers; a class that is not here is looked for by its own name.
_CLASSES: Final = {
    "ONEZONE_IA": "one_zone_ia",
    "INTELLIGENT_TIERING": "intelligent_frequent",
    "GLACIER_IR": "glacier_instant",
}
# S3 pricing: these bill what is read of them, and every object as 128 KB at least.
_BILL_READING: Final = frozenset({"STANDARD_IA", "ONEZONE_IA", "GLACIER_IR"})
_LEAST_BYTES: Final = 128 * 1024


@dataclass
class Copied:
    """Versions that are to be copied: how many, and by class the bytes that are billed."""

    number: int = 0
    stored: dict[str, int] = field(default_factory=dict)

    def add(self, version: Version) -> None:
        """One of them. The copy of an archived one is in the standard class."""
        storage = _PLAIN if version.storage in ARCHIVED else version.storage
        size = max(version.size, _LEAST_BYTES) if storage in _BILL_READING else version.size
        self.number += 1
        self.stored[storage] = self.stored.get(storage, 0) + size


def rescue_cost(copied: Copied, prices: PriceBook, region: str) -> Cost:
    """Requests, what S3 bills for reading the cheaper classes, and a month of the copies: they stay."""
    parts = [
        ("writes", Decimal(copied.number), "s3.requests.write"),
        ("reads", Decimal(copied.number * READS), "s3.requests.read"),
    ]
    for storage, size in sorted(copied.stored.items()):
        name, amount = _CLASSES.get(storage, storage.lower()), size / _GB
        parts.append((f"GB-months of {storage}, the copies", amount, f"s3.storage.{name}"))
        if storage in _BILL_READING:
            parts.append((f"GB read of {storage}", amount * _TIMES_READ, f"s3.retrieval.{name}"))
    # Nothing is copied: then no price is missed.
    return known_cost(prices, region, (part for part in parts if part[1]))


def drill_cost(number: int, size: int, prices: PriceBook, region: str) -> Cost:
    """So many objects with so many bytes, copied, compared and removed, for a day at most."""
    parts = (
        ("writes and listings", Decimal(number * 2), "s3.requests.write"),
        ("reads", Decimal(number * READS), "s3.requests.read"),
        ("GB-months, copies for a day", size / _GB / 30, "s3.storage.standard"),
    )
    return known_cost(prices, region, parts)
