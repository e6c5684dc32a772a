"""The price book: AWS list prices as data, each with unit, tiers, source and the day that the source is of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Final, cast

from contract.reading.errors import ReadingError
from contract.reading.json_text import read_json
from contract.reading.numbers import exact_number, plain_number
from pricing.errors import CatalogError

CATALOG_DIRECTORY: Final = Path(__file__).parent / "catalog"
EVERYWHERE: Final = "global"
WARN_AFTER_DAYS: Final = 90
FAIL_AFTER_DAYS: Final = 180
CONFIDENCE: Final = ("high", "medium", "low")
_NEEDED_ROW_KEYS: Final = frozenset(
    {"key", "region", "usage_type", "unit", "tiers", "source", "source_date", "confidence"}
)
_ROW_KEYS: Final = _NEEDED_ROW_KEYS | {"free_quantity", "undated", "derived"}


@dataclass(frozen=True)
class Tier:
    """A price per unit up to a monthly quantity; `up_to` is None for the last tier."""

    up_to: Decimal | None
    price: Decimal


@dataclass(frozen=True, kw_only=True)
class Price:
    """One row of the price book.

    `source_date` is the day on which the source says so: its own date, or, where it bears none (`undated`), the day on
    which it was looked at. `derived` says from what the price follows where the source does not state it.
    """

    key: str
    service: str
    usage_type: str
    region: str
    unit: str
    tiers: tuple[Tier, ...]
    free_quantity: Decimal
    source: str
    source_date: date
    confidence: str
    undated: bool = False
    derived: str = ""

    @property
    def unit_price(self) -> Decimal:
        """USD for the first unit of a month."""
        return self.tiers[0].price

    def bands(self, quantity: Decimal) -> list[tuple[Tier, Decimal]]:
        """Splits a monthly quantity over the tiers it reaches."""
        bands: list[tuple[Tier, Decimal]] = []
        start = Decimal(0)
        for tier in self.tiers:
            end = quantity if tier.up_to is None else min(quantity, tier.up_to)
            bands.append((tier, end - start))
            if tier.up_to is None or quantity <= tier.up_to:
                break
            start = tier.up_to
        return bands

    def cost(self, quantity: Decimal) -> Decimal:
        """USD a month for this quantity at list price, over all tiers."""
        return sum((tier.price * part for tier, part in self.bands(quantity)), Decimal(0))

    def age_days(self, today: date) -> int:
        """Days since the source said so; negative for a date in the future."""
        return (today - self.source_date).days

    @property
    def last_day(self) -> date:
        """The last day on which the price may be judged by."""
        return self.source_date + timedelta(days=FAIL_AFTER_DAYS)


class PriceBook:
    """Prices by key and region. `rows` are as the files have them, parsed when first used; `validate` parses all."""

    def __init__(self, rows: Mapping[tuple[str, str], tuple[str, Path, Mapping[str, object]]], digest: str) -> None:
        self.rows = rows
        self._parsed: dict[tuple[str, str], Price] = {}
        self.digest = digest

    @classmethod
    def load(cls, directory: Path | None = None) -> PriceBook:
        """Reads every `*.json` of the catalogue.

        Raises:
            CatalogError: a file is missing, is not JSON, or holds the same key twice.
        """
        return _load(directory or CATALOG_DIRECTORY)

    def has(self, key: str, region: str) -> bool:
        """Whether a price for this key is listed in the region (or everywhere)."""
        return (key, region) in self.rows or (key, EVERYWHERE) in self.rows

    def keys(self) -> list[tuple[str, str]]:
        """All (key, region) pairs, sorted."""
        return sorted(self.rows)

    def regions(self) -> list[str]:
        """The regions that the book has prices for."""
        return sorted({region for _, region in self.rows} - {EVERYWHERE})

    def price(self, key: str, region: str) -> Price:
        """The price of one unit.

        Raises:
            CatalogError: the book has no such price, or its row is malformed.
        """
        place = (key, region) if (key, region) in self.rows else (key, EVERYWHERE)
        if place not in self.rows:
            msg = (
                f"no price for {key!r} in region {region!r}; add it with "
                f"`ial cost refresh-prices --region {region}` (`ial cost missing-prices --region {region}` lists all "
                "that lack), or choose what the price book lists"
            )
            raise CatalogError(msg)
        if place not in self._parsed:
            self._parsed[place] = _parse(*self.rows[place])
        return self._parsed[place]

    def unneeded(self, key: str, region: str) -> Price:
        """What stands for the price of something of which a month uses none, so that nobody has to look it up."""
        return Price(
            key=key,
            service="",
            usage_type="",
            region=region,
            unit="unit",
            tiers=(Tier(None, Decimal(0)),),
            free_quantity=Decimal(0),
            source="not looked up, as none of it is used",
            source_date=date.min,
            confidence="low",
        )

    def validate(self) -> list[Price]:
        """Parses every row, so that a malformed one is found before it is needed."""
        return [self.price(key, region) for key, region in self.keys()]


@lru_cache(maxsize=8)
def _load(directory: Path) -> PriceBook:
    files = sorted(directory.glob("*.json"))
    if not files:
        msg = f"{directory}: no price files (*.json) here; reinstall ial or restore the catalogue"
        raise CatalogError(msg)
    rows: dict[tuple[str, str], tuple[str, Path, Mapping[str, object]]] = {}
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(content)
        service, listed = _rows_of(path, content)
        for row in listed:
            place = (str(row.get("key")), str(row.get("region")))
            if place in rows:
                msg = f"{path}: {place[0]!r} in region {place[1]!r} is listed twice; keep one row"
                raise CatalogError(msg)
            rows[place] = (service, path, row)
    return PriceBook(rows, digest.hexdigest())


def _rows_of(path: Path, content: bytes) -> tuple[str, list[Mapping[str, object]]]:
    try:
        document = read_json(content.decode(), str(path), plain_number).data
    except ValueError as error:
        msg = str(error) if isinstance(error, ReadingError) else f"{path}: not UTF-8 text"
        raise CatalogError(f"{msg}; restore the file") from None
    if not isinstance(document, dict) or set(document) != {"service", "prices"}:
        msg = f"{path}: expected an object with `service` and `prices`"
        raise CatalogError(msg)
    listed = document["prices"]
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        msg = f"{path}: `prices` must be a list of objects"
        raise CatalogError(msg)
    return str(document["service"]), listed


def _parse(service: str, path: Path, row: Mapping[str, object]) -> Price:
    key = str(row.get("key"))
    keys = set(row)
    if wrong := (keys - _ROW_KEYS) | (_NEEDED_ROW_KEYS - keys):
        named, accepted = ", ".join(sorted(wrong)), ", ".join(sorted(_ROW_KEYS))
        msg = f"{path}: {key}: missing or unknown: {named}; accepted are {accepted}"
        raise CatalogError(msg)
    if row["confidence"] not in CONFIDENCE:
        msg = f"{path}: {key}: confidence {row['confidence']!r}; accepted are {', '.join(CONFIDENCE)}"
        raise CatalogError(msg)
    try:
        tiers = _tiers(cast("list[Mapping[str, object]]", row["tiers"]))
        free = exact_number(str(row.get("free_quantity") or "0"))
        source_date = date.fromisoformat(str(row["source_date"]))
    except (InvalidOperation, ValueError, TypeError, KeyError, AttributeError) as error:
        msg = (
            f"{path}: {key}: malformed price row ({error}); "
            "tiers need `up_to` and `price`, `source_date` a date YYYY-MM-DD"
        )
        raise CatalogError(msg) from error
    return Price(
        key=key,
        service=service,
        usage_type=str(row["usage_type"]),
        region=str(row["region"]),
        unit=str(row["unit"]),
        tiers=tiers,
        free_quantity=free,
        source=str(row["source"]),
        source_date=source_date,
        confidence=str(row["confidence"]),
        undated=row.get("undated") is True,
        derived=str(row.get("derived") or ""),
    )


def _tiers(rows: list[Mapping[str, object]]) -> tuple[Tier, ...]:
    tiers = tuple(
        Tier(None if row["up_to"] is None else exact_number(str(row["up_to"])), exact_number(str(row["price"])))
        for row in rows
    )
    bounds = [tier.up_to for tier in tiers]
    if not bounds or bounds[-1] is not None or None in bounds[:-1]:
        msg = "the last tier, and only the last, has `up_to: null`"
        raise ValueError(msg)
    finite = [bound for bound in bounds if bound is not None]
    if finite != sorted(set(finite)) or any(tier.price < 0 or not tier.price.is_finite() for tier in tiers):
        msg = "tiers must rise and prices must not be negative"
        raise ValueError(msg)
    return tiers
