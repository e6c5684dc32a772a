"""Glue's data catalogue: objects that are kept, and requests for them. A million of each is free in each account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pricing.billing import Billing
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey, priced
from pricing.rules.arithmetic import shown

_OBJECTS: Final = 100_000
_REQUESTS: Final = 1_000_000


@priced("aws:glue/catalogDatabase:CatalogDatabase")
def database(b: Billing) -> Iterator[LineItem]:
    """One object; what is asked for bills with its tables."""
    yield _objects(b, Quantity.exact(1), "1 database")


@priced(
    "aws:glue/catalogTable:CatalogTable",
    usage=[
        UsageKey(name="requests", unit="requests", meaning="requests a month for the table: a few for each query"),
        UsageKey(
            name="parts", unit="objects", meaning="partitions and older versions kept beside the table", default="0"
        ),
    ],
)
def table(b: Billing) -> Iterator[LineItem]:
    """The table with its parts, and the requests for it."""
    parts = b.used("parts")
    yield _objects(b, parts + Quantity.exact(1), f"1 table + {shown(parts)} parts")
    yield b.usage_item("Requests to the catalogue", "glue.catalog.requests", "requests", divisor=_REQUESTS)


def _objects(b: Billing, count: Quantity, formula: str) -> LineItem:
    return b.item("Objects in the catalogue", "glue.catalog.objects", count / _OBJECTS, f"({formula}) / {_OBJECTS}")
