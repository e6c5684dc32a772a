"""Compares the price book with AWS's price list, row by row, and writes what was found into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

from pricing.money import shortest
from pricing.price_book import EVERYWHERE, Price, Tier
from runners.prices.price_selection import Selection, scale, selection

HOME_REGION: Final = "us-east-1"
# A price that moves by more is more likely another product or another unit than a new price: people look at it.
_LARGEST_FACTOR: Final = Decimal(3)


@dataclass(frozen=True, kw_only=True)
class ListedProduct:
    """One product of AWS's price list, on demand, in the list's own unit.

    `current_on` is the last day on which AWS is known to have listed it so; None where AWS was asked just now.
    """

    usage_type: str
    unit: str
    tiers: tuple[Tier, ...]
    published: date
    current_on: date | None = None
    origin: str = "AWS Price List API, GetProducts"


class PriceList(Protocol):
    """AWS's price list."""

    def products(self, wanted: Selection) -> list[ListedProduct]:
        """The products that match."""


class Outcome(StrEnum):
    """What became of one row."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    NOT_LISTED = "not-listed"
    AMBIGUOUS = "ambiguous"
    SUSPICIOUS = "suspicious"
    NO_USAGE_TYPE = "no-usage-type"


WRITTEN: Final = frozenset({Outcome.SAME, Outcome.CHANGED, Outcome.ADDED})


@dataclass(frozen=True, kw_only=True)
class Refreshed:
    """One row of the book against the list; `after` is what the list says, in the book's unit."""

    key: str
    region: str
    unit: str
    outcome: Outcome
    before: tuple[Tier, ...] = ()
    after: tuple[Tier, ...] = ()
    usage_type: str = ""
    published: date | None = None
    source_date: date | None = None
    origin: str = ""
    note: str = ""


def refresh(
    book: Iterable[Price], prices: PriceList, region: str, today: date, say: Callable[[str], object]
) -> list[Refreshed]:
    """One outcome for each key of the book, in this region or everywhere; keys that the region lacks are added."""
    rows = list(_rows(book, region))
    found: list[Refreshed] = []
    for number, (row, known) in enumerate(rows, start=1):
        if number % 50 == 0 or number == len(rows):
            say(f"{number} of {len(rows)} prices compared")
        found.append(_refreshed(row, known, prices, region if row.region != EVERYWHERE else EVERYWHERE, today))
    return found


def selections(book: Iterable[Price], region: str) -> Iterator[Selection]:
    """Everything that `refresh` will ask a price list for."""
    for row, _ in _rows(book, region):
        place = None if row.region == EVERYWHERE else region
        if (wanted := selection(row.key, row.service, row.usage_type, place)) is not None:
            yield wanted


def _rows(book: Iterable[Price], region: str) -> Iterator[tuple[Price, bool]]:
    """The row that stands for each key: the region's own, else that of everywhere, else the home region's."""
    by_key: dict[str, dict[str, Price]] = {}
    for price in book:
        by_key.setdefault(price.key, {})[price.region] = price
    for places in by_key.values():
        for place in (region, EVERYWHERE, HOME_REGION):
            if place in places:
                yield places[place], place != HOME_REGION or region == HOME_REGION
                break


def _refreshed(row: Price, known: bool, prices: PriceList, region: str, today: date) -> Refreshed:
    def outcome(kind: Outcome, product: ListedProduct | None = None, note: str = "") -> Refreshed:
        return Refreshed(
            key=row.key,
            region=region,
            unit=row.unit,
            outcome=kind,
            before=row.tiers if known else (),
            after=_in_units(product, row.unit) if product else (),
            usage_type=product.usage_type if product else row.usage_type,
            published=product.published if product else None,
            source_date=(product.current_on or today) if product else None,
            origin=product.origin if product else "",
            note=note,
        )

    wanted = selection(row.key, row.service, row.usage_type, None if region == EVERYWHERE else region)
    if wanted is None:
        return outcome(Outcome.NO_USAGE_TYPE, note="its usage type was never seen; check its source by hand")
    products = [product for product in prices.products(wanted) if wanted.matches(product.usage_type)]
    # Of two files that say the same, the younger one vouches for it.
    products.sort(key=lambda product: product.current_on or today)
    distinct = {_in_units(product, row.unit): product for product in products}
    if not distinct:
        return outcome(Outcome.NOT_LISTED, note=f"nothing is listed for {wanted.service} {wanted.usage_type}")
    if len(distinct) > 1:
        listed = ", ".join(sorted(shown(tiers) for tiers in distinct))
        return outcome(Outcome.AMBIGUOUS, note=f"several prices are listed: {listed}")
    product = next(iter(distinct.values()))
    return outcome(_compared(row, known, _in_units(product, row.unit)), product)


def _compared(row: Price, known: bool, after: tuple[Tier, ...]) -> Outcome:
    if known and row.tiers == after:
        return Outcome.SAME
    old, new = row.unit_price, after[0].price
    if (old == 0) != (new == 0) or (old and not 1 / _LARGEST_FACTOR <= new / old <= _LARGEST_FACTOR):
        return Outcome.SUSPICIOUS
    return Outcome.CHANGED if known else Outcome.ADDED


def _in_units(product: ListedProduct, unit: str) -> tuple[Tier, ...]:
    """The tiers in the book's unit, without what a free tier gives: the book holds it as a quantity of its own."""
    factor = scale(unit, product.unit)
    tiers = list(product.tiers)
    while len(tiers) > 1 and tiers[0].price == 0:
        tiers.pop(0)
    return tuple(
        Tier(None if tier.up_to is None else (tier.up_to / factor).normalize(), (tier.price * factor).normalize())
        for tier in tiers
    )


def shown(tiers: Iterable[Tier]) -> str:
    """Tiers on one line: `0.40 up to 100000, then 0.30`."""
    parts = [shortest(tier.price) + ("" if tier.up_to is None else f" up to {shortest(tier.up_to)}") for tier in tiers]
    return ", then ".join(parts)


def row_document(found: Refreshed, like: Mapping[str, object]) -> dict[str, object]:
    """The row to write: `like` with the price, its source and the day that the source is of."""
    assert found.published is not None
    assert found.source_date is not None
    kept = {name: value for name, value in like.items() if name not in ("undated", "derived", "confidence")}
    return {
        **kept,
        "region": found.region,
        "usage_type": like["usage_type"] if found.outcome is Outcome.SAME else found.usage_type,
        "tiers": [
            {"up_to": None if tier.up_to is None else shortest(tier.up_to), "price": shortest(tier.price)}
            for tier in found.after
        ],
        "source": f"{found.origin}, {found.region}, published {found.published}",
        "source_date": found.source_date.isoformat(),
        "confidence": "high",
    }
