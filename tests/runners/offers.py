"""Writes price list files in the two forms in which AWS publishes them.

https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

PUBLISHED = "2026-11-20T17:45:10Z"
VERSION = "20261120174510"
_TERM = "JRTCKXETXF"
# Columns that every service has, then attributes under the names that AWS gives them in this form.
_COLUMNS = (
    "SKU", "OfferTermCode", "RateCode", "TermType", "PriceDescription", "EffectiveDate", "StartingRange", "EndingRange",
    "Unit", "PricePerUnit", "Currency", "Product Family", "serviceCode", "Location", "Location Type",
)  # fmt: skip
_NAMES = {
    "usagetype": "usageType", "operation": "operation", "regionCode": "Region Code",
    "operatingSystem": "Operating System",
    "preInstalledSw": "Pre Installed S/W", "tenancy": "Tenancy", "capacitystatus": "CapacityStatus",
    "marketoption": "MarketOption", "databaseEngine": "Database Engine",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One product of an offer, with what one unit costs from which quantity on."""

    sku: str
    usage_type: str
    unit: str
    steps: tuple[tuple[str, str, str], ...]
    attributes: Mapping[str, str] = field(default_factory=dict)
    effective: str = "2026-11-01"

    @property
    def all_attributes(self) -> dict[str, str]:
        """With what every product has."""
        return {"usagetype": self.usage_type, "operation": "", "regionCode": "eu-west-1", **self.attributes}


def write_csv(path: Path, offer: str, products: Iterable[Listed], published: str = PUBLISHED) -> None:
    """A price list file as CSV: five rows of what the file says of itself, the names of the columns, the prices."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, quoting=csv.QUOTE_ALL)
        rows.writerow(["FormatVersion", "v1.0"])
        rows.writerow(["Disclaimer", "This pricing list is for informational purposes only."])
        rows.writerow(["Publication Date", published])
        rows.writerow(["Version", VERSION])
        rows.writerow(["OfferCode", offer])
        rows.writerow([*_COLUMNS, *_NAMES.values()])
        for product in products:
            own = [product.all_attributes.get(name, "") for name in _NAMES]
            place = ["Family", offer, "EU (Ireland)", "AWS Region", *own]
            for number, (low, high, price) in enumerate(product.steps):
                code = f"{product.sku}.{_TERM}.{number}"
                money = [low, high, product.unit, price, "USD"]
                rows.writerow([product.sku, _TERM, code, "OnDemand", "what it is", product.effective, *money, *place])
            reserved = ["0", "Inf", product.unit, "0.0000000001", "USD"]
            rows.writerow([product.sku, "RSV", "r", "Reserved", "a year ahead", "2026-11-01", *reserved, *place])


def write_json(path: Path, offer: str, products: Iterable[Listed], published: str = PUBLISHED) -> None:
    """A price list file as JSON: products and terms in sections of their own."""
    listed = list(products)
    document = {
        "formatVersion": "v1.0",
        "disclaimer": "This pricing list is for informational purposes only.",
        "offerCode": offer,
        "version": VERSION,
        "publicationDate": published,
        "products": {
            product.sku: {
                "sku": product.sku,
                "productFamily": "Family",
                "attributes": {"servicecode": offer, "location": "EU (Ireland)", **product.all_attributes},
            }
            for product in listed
        },
        "terms": {
            "Reserved": {product.sku: {f"{product.sku}.RSV": _term(product, "RSV", "0.1")} for product in listed},
            "OnDemand": {product.sku: {f"{product.sku}.{_TERM}": _term(product, _TERM)} for product in listed},
        },
    }
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")


def _term(product: Listed, code: str, only: str | None = None) -> dict[str, object]:
    steps = product.steps if only is None else (("0", "Inf", only),)
    return {
        "offerTermCode": code,
        "sku": product.sku,
        "effectiveDate": f"{product.effective}T00:00:00Z",
        "priceDimensions": {
            f"{product.sku}.{code}.{number}": {
                "rateCode": f"{product.sku}.{code}.{number}",
                "description": "what it is",
                "beginRange": low,
                "endRange": high,
                "unit": product.unit,
                "pricePerUnit": {"USD": price},
                "appliesTo": [],
            }
            for number, (low, high, price) in enumerate(steps)
        },
        "termAttributes": {},
    }


def one_step(price: Decimal | str) -> tuple[tuple[str, str, str], ...]:
    """The same price for any quantity, with AWS's ten digits."""
    return (("0", "Inf", f"{Decimal(price):.10f}"),)
