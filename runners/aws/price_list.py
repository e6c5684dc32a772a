"""AWS's price list through `pricing:GetProducts`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from pricing.price_book import Tier
from runners.aws.call_log import CallLog
from runners.errors import PriceListError
from runners.prices.price_refresh import ListedProduct
from runners.prices.price_selection import Selection

# The price list is served from few regions only, whatever region's prices are asked for.
_ENDPOINT_REGION: Final = "us-east-1"
_PAGE: Final = 100
_ENDLESS: Final = "Inf"


class PricingClient(Protocol):
    """The one call that is needed of boto3's pricing client."""

    def get_products(self, **arguments: Any) -> Any:
        """One page of products."""


@dataclass(frozen=True)
class AwsPriceList:
    """The price list behind one client."""

    client: PricingClient

    @classmethod
    def connect(cls) -> AwsPriceList:
        """A client with the credentials of the environment, patient with throttling.

        Raises:
            PriceListError: there are no credentials.
        """
        session = boto3.Session()
        if session.get_credentials() is None:
            msg = "no AWS credentials found; the price list needs some that allow pricing:GetProducts"
            raise PriceListError(msg)
        CallLog().watch(session.events)
        settings = Config(retries={"mode": "adaptive", "max_attempts": 10})
        return cls(session.client("pricing", region_name=_ENDPOINT_REGION, config=settings))

    def products(self, wanted: Selection) -> list[ListedProduct]:
        """The products that match, on demand.

        Raises:
            PriceListError: AWS refused the question or gave an answer of another shape.
        """
        try:
            return [product for text in self._pages(wanted) for product in _parsed(text)]
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "?")
            request = error.response.get("ResponseMetadata", {}).get("RequestId", "?")
            msg = f"AWS price list, {wanted.service} {wanted.usage_type}: {code} (request {request})"
            raise PriceListError(msg, str(error)) from error
        except BotoCoreError as error:
            msg = f"AWS price list, {wanted.service} {wanted.usage_type}: {error}"
            raise PriceListError(msg) from error

    def _pages(self, wanted: Selection) -> Iterator[Any]:
        filters: list[Any] = [{"Type": "CONTAINS", "Field": "usagetype", "Value": wanted.usage_type}]
        fields = dict(wanted.attributes)
        if wanted.region is not None:
            fields["regionCode"] = wanted.region
        filters += [{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in fields.items()]
        token: str | None = None
        while True:
            more: dict[str, Any] = {"NextToken": token} if token else {}
            page = self.client.get_products(
                ServiceCode=wanted.service, Filters=filters, FormatVersion="aws_v1", MaxResults=_PAGE, **more
            )
            yield from page["PriceList"]
            token = page.get("NextToken")
            if not token:
                return


def _parsed(text: Any) -> Iterator[ListedProduct]:
    try:
        entry = json.loads(text) if isinstance(text, str) else text
        usage_type = entry["product"]["attributes"]["usagetype"]
        published = _published(entry)
        for term in entry["terms"].get("OnDemand", {}).values():
            dimensions = list(term["priceDimensions"].values())
            yield ListedProduct(
                usage_type=usage_type,
                unit=dimensions[0]["unit"],
                tiers=_tiers(dimensions),
                published=published,
            )
    except (KeyError, TypeError, AttributeError, IndexError, ValueError, InvalidOperation) as error:
        msg = f"AWS price list: an entry has not the shape that is known ({type(error).__name__}: {error})"
        raise PriceListError(msg) from error


def _published(entry: Mapping[str, Any]) -> date:
    return datetime.fromisoformat(entry["publicationDate"]).astimezone(UTC).date()


def _tiers(dimensions: list[Mapping[str, Any]]) -> tuple[Tier, ...]:
    rising = sorted(dimensions, key=lambda dimension: Decimal(dimension["beginRange"]))
    return tuple(
        Tier(
            None if dimension["endRange"] == _ENDLESS else Decimal(dimension["endRange"]),
            Decimal(dimension["pricePerUnit"]["USD"]),
        )
        for dimension in rising
    )
