"""Athena: each query bills what it reads, and 10 MB at least."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from pricing.billing import Billing
from pricing.line_item import LineItem
from pricing.registry import UsageKey, free, priced
from pricing.rules.arithmetic import shown

_PAGE: Final = "https://aws.amazon.com/athena/pricing/"
_LEAST_GB: Final = Decimal("0.01")
_GB_PER_TB: Final = 1000


@priced(
    "aws:athena/workgroup:Workgroup",
    usage=[
        UsageKey(name="queries", unit="queries", meaning="queries a month, those that end at the limit too"),
        UsageKey(name="scanned_gb", unit="GB", meaning="data that a month's queries read"),
    ],
    by_usage=True,
)
def workgroup(b: Billing) -> Iterator[LineItem]:
    """What is read, and 10 MB for each query: small ones bill that much, so both together are no less than the bill."""
    queries, scanned = b.use("queries"), b.use("scanned_gb")
    quantity = None
    if queries is not None and scanned is not None:
        quantity = (scanned + queries * _LEAST_GB) / _GB_PER_TB
    formula = f"({shown(scanned)} GB + {shown(queries)} queries x {_LEAST_GB} GB) / {_GB_PER_TB}"
    missing = "queries" if queries is None else "scanned_gb"
    yield b.item("Data scanned by queries", "athena.scanned", quantity, formula, usage_key=missing)


free(
    "aws:athena/namedQuery:NamedQuery",
    "aws:athena/preparedStatement:PreparedStatement",
    why="a text that is kept; a query bills with its workgroup when it runs",
    source=_PAGE,
)
