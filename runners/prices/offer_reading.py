"""The files in which AWS publishes its price list, as JSON and as CSV, read in one pass with little memory.

Both are described at https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-files.html.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from pricing.price_book import Tier
from runners.prices.json_stream import JsonStream

_ON_DEMAND: Final = "OnDemand"
_USD: Final = "USD"
_ENDLESS: Final = "Inf"
# The rows above the names of the columns: format, disclaimer, publication date, version, offer code.
_CSV_HEAD: Final = 5
# A row of descriptions is long, but not without end.
_LONGEST_FIELD: Final = 1 << 20

Wanted = Callable[[str, str], bool]


@dataclass(frozen=True, kw_only=True)
class Head:
    """What a file says of itself."""

    offer: str
    version: str
    published: date


@dataclass(kw_only=True)
class Offer:
    """One product on demand: the price of its units from `effective` on. Attributes have plain names."""

    usage_type: str
    attributes: Mapping[str, str]
    effective: date
    unit: str
    steps: list[tuple[Decimal, Tier]] = field(default_factory=list)

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """The price by quantity, rising."""
        return tuple(tier for _, tier in sorted(self.steps, key=lambda step: step[0]))


def plain_name(name: str) -> str:
    """The name of an attribute as both forms write it: `Pre Installed S/W` is `preInstalledSw`."""
    return "".join(char for char in name.lower() if char.isalnum())


def read_csv(path: Path, wanted: Wanted) -> tuple[Head, dict[str, Offer]] | None:
    """Head and wanted offers of a CSV file, by SKU and term; None where the file is none of AWS's.

    `wanted` is asked with offer code and usage type.

    Raises:
        ValueError: the file is AWS's, but has not the shape that is known.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        said = {plain_name(row[0]): row[1] for row in _first(rows, _CSV_HEAD) if len(row) > 1}
        if "formatversion" not in said:
            return None
        head = _head(said["offercode"], said["version"], said["publicationdate"])
        names = [plain_name(name) for name in next(rows, [])]
        if not {"sku", "termtype", "usagetype"} <= set(names):
            msg = "the row of column names is missing"
            raise ValueError(msg)
        found: dict[str, Offer] = {}
        for row in rows:
            entry = dict(zip(names, row, strict=True))
            if entry["termtype"] == _ON_DEMAND and wanted(head.offer, entry["usagetype"]):
                _add_row(found, entry)
    return head, found


def _first(rows: Iterator[list[str]], count: int) -> Iterator[list[str]]:
    for _ in range(count):
        yield next(rows, [])


def _add_row(found: dict[str, Offer], entry: Mapping[str, str]) -> None:
    if entry["currency"] != _USD:
        msg = f"a price is in {entry['currency']!r}; only {_USD} is known"
        raise ValueError(msg)
    key = f"{entry['sku']}.{entry['offertermcode']}"
    offer = found.get(key)
    if offer is None:
        offer = found[key] = Offer(
            usage_type=entry["usagetype"],
            attributes={name: value for name, value in entry.items() if value},
            effective=date.fromisoformat(entry["effectivedate"][:10]),
            unit=entry["unit"],
        )
    offer.steps.append(_step(entry["startingrange"], entry["endingrange"], entry["priceperunit"]))


def read_json(path: Path, wanted: Wanted) -> tuple[Head, dict[str, Offer]] | None:
    """Head and wanted offers of a JSON file, by SKU and term; None where the file is no service's price list.

    Products and terms are in separate sections, so the file is read twice, and only what is wanted is kept.

    Raises:
        ValueError: the file is AWS's, but has not the shape that is known.
    """
    head = _json_head(path)
    if head is None:
        return None
    products = _products(path, head.offer, wanted)
    found: dict[str, Offer] = {}
    for sku, terms in _section(path, ("terms", _ON_DEMAND)):
        if sku in products:
            for code, term in _object(terms).items():
                found[code] = _offer(products[sku], _object(term))
    return head, found


def _json_head(path: Path) -> Head | None:
    said: dict[str, object] = {}
    is_list = False
    with path.open(encoding="utf-8-sig") as file:
        stream = JsonStream(file)
        for key in stream.members():
            if key in ("products", "terms"):
                is_list = True
                if {"offerCode", "version", "publicationDate"} <= said.keys():
                    break
                _pass_over(stream, deep=key == "terms")
            elif key in ("offers", "regions", "versions"):
                return None
            else:
                said[key] = stream.value()
    if not is_list or "offerCode" not in said:
        return None
    return _head(str(said["offerCode"]), str(said["version"]), str(said["publicationDate"]))


def _products(path: Path, offer: str, wanted: Wanted) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for sku, product in _section(path, ("products",)):
        attributes = _object(_object(product)["attributes"])
        if wanted(offer, str(attributes.get("usagetype", ""))):
            found[sku] = {plain_name(name): str(value) for name, value in attributes.items()}
    return found


def _section(path: Path, place: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    """The members of the object at a place, one by one; what else the file holds is passed over."""
    with path.open(encoding="utf-8-sig") as file:
        yield from _within(JsonStream(file), place)


def _within(stream: JsonStream, place: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    for key in stream.members():
        if not place:
            yield key, stream.value()
        elif key == place[0]:
            yield from _within(stream, place[1:])
        elif key in ("products", "terms") or len(place) == 1:
            _pass_over(stream, deep=key == "terms")
        else:
            stream.value()


def _pass_over(stream: JsonStream, *, deep: bool) -> None:
    if not deep:
        stream.skip_object()
        return
    for _ in stream.members():
        stream.skip_object()


def _offer(attributes: Mapping[str, str], term: Mapping[str, Any]) -> Offer:
    steps: list[tuple[Decimal, Tier]] = []
    unit = ""
    for dimension in _object(term["priceDimensions"]).values():
        prices = _object(dimension["pricePerUnit"])
        if _USD not in prices:
            msg = f"a price is in {', '.join(prices)}; only {_USD} is known"
            raise ValueError(msg)
        unit = str(dimension["unit"])
        steps.append(_step(str(dimension["beginRange"]), str(dimension["endRange"]), str(prices[_USD])))
    return Offer(
        usage_type=attributes["usagetype"],
        attributes=attributes,
        effective=date.fromisoformat(str(term["effectiveDate"])[:10]),
        unit=unit,
        steps=steps,
    )


def _step(low: str, high: str, price: str) -> tuple[Decimal, Tier]:
    return Decimal(low), Tier(None if high == _ENDLESS else Decimal(high), Decimal(price))


def _head(offer: str, version: str, published: str) -> Head:
    return Head(offer=offer, version=version, published=datetime.fromisoformat(published).astimezone(UTC).date())


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        msg = f"{value!r:.60} where an object belongs"
        raise ValueError(msg)
    return value
