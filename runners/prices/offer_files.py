"""AWS's price list from files that somebody brought here: no network, no credentials.

https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api.html says where they are:
the index at /offers/v1.0/aws/index.json, and for each service and region a file as CSV and as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import InvalidOperation
from pathlib import Path
from typing import Final

from runners.errors import InputError, PriceListError
from runners.prices.offer_reading import Head, Offer, plain_name, read_csv, read_json
from runners.prices.price_refresh import ListedProduct
from runners.prices.price_selection import Selection, without_region

_INDEX_SIZE: Final = 1 << 23


@dataclass(frozen=True)
class OfferFiles:
    """The wanted products of all files in a folder, by service and usage type without its region's prefix."""

    listed: dict[tuple[str, str], list[tuple[Head, Offer]]]
    index: date | None = None

    @classmethod
    def read(cls, folder: Path, wanted: Iterable[Selection], today: date, say: Callable[[str], object]) -> OfferFiles:
        """Reads every file below the folder, and keeps what may be asked for.

        Raises:
            InputError: there is no such folder, or nothing of AWS's price list in it.
            PriceListError: a file of AWS's has not the shape that is known.
        """
        if not folder.is_dir():
            msg = f"--offers {folder}: not a folder; name one with AWS's price list files (CSV or JSON)"
            raise InputError(msg)
        asked = {(selection.service, selection.usage_type) for selection in wanted}

        def is_wanted(offer: str, usage_type: str) -> bool:
            return any((offer, plain) in asked for plain in without_region(usage_type))

        listed: dict[tuple[str, str], list[tuple[Head, Offer]]] = {}
        files = 0
        for path in sorted(path for path in folder.rglob("*") if path.suffix in (".csv", ".json")):
            found = _read(path, is_wanted)
            if found is None:
                continue
            head, offers = found
            files += 1
            say(f"{path.name}: {head.offer}, published {head.published}, {len(offers)} of its prices are wanted")
            for offer in _in_force(offers, today):
                for plain in without_region(offer.usage_type):
                    listed.setdefault((head.offer, plain), []).append((head, offer))
        if not files:
            msg = f"--offers {folder}: no price list file of AWS in it; `ial cost missing-prices` names those needed"
            raise InputError(msg)
        return cls(listed, _index_date(folder / "index.json"))

    def products(self, wanted: Selection) -> list[ListedProduct]:
        """The products that match."""
        fields = {plain_name(name): value for name, value in wanted.attributes.items()}
        if wanted.region is not None:
            fields["regioncode"] = wanted.region
        return [
            ListedProduct(
                usage_type=offer.usage_type,
                unit=offer.unit,
                tiers=offer.tiers,
                published=head.published,
                # The index says which offers are AWS's current ones: it may be younger than the offer.
                current_on=max(head.published, self.index or head.published),
                origin=f"AWS price list file, {head.offer} version {head.version}",
            )
            for head, offer in self.listed.get((wanted.service, wanted.usage_type), [])
            if all(offer.attributes.get(name) == value for name, value in fields.items())
        ]


def _read(path: Path, wanted: Callable[[str, str], bool]) -> tuple[Head, dict[str, Offer]] | None:
    try:
        return read_csv(path, wanted) if path.suffix == ".csv" else read_json(path, wanted)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, InvalidOperation) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        msg = f"{path}: not as AWS publishes it ({reason:.200}); download it again, or take it out of the folder"
        raise PriceListError(msg) from error


def _in_force(offers: dict[str, Offer], today: date) -> list[Offer]:
    """Of each product what holds today: a file may already state what will hold later."""
    latest: dict[str, Offer] = {}
    for code, offer in offers.items():
        sku = code.split(".")[0]
        known = latest.get(sku)
        if offer.effective <= today and (known is None or offer.effective > known.effective):
            latest[sku] = offer
    return list(latest.values())


def _index_date(path: Path) -> date | None:
    """When AWS's index of offers was published, if it is in the folder."""
    if not path.is_file() or path.stat().st_size > _INDEX_SIZE:
        return None
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
        if not isinstance(data, dict) or "offers" not in data:
            return None
        return datetime.fromisoformat(data["publicationDate"]).astimezone(UTC).date()
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{path}: not an index as AWS publishes it ({error}); download it again, or take it out of the folder"
        raise PriceListError(msg) from error
