from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from pricing.price_book import Tier
from runners.aws.price_list import AwsPriceList
from runners.errors import PriceListError
from runners.prices.price_selection import Selection

WANTED = Selection(
    service="AmazonEC2", usage_type="BoxUsage:t3.micro", region="eu-west-1", attributes={"operatingSystem": "Linux"}
)
ASKED: dict[str, Any] = {
    "ServiceCode": "AmazonEC2",
    "FormatVersion": "aws_v1",
    "MaxResults": 100,
    "Filters": [
        {"Type": "CONTAINS", "Field": "usagetype", "Value": "BoxUsage:t3.micro"},
        {"Type": "TERM_MATCH", "Field": "operatingSystem", "Value": "Linux"},
        {"Type": "TERM_MATCH", "Field": "regionCode", "Value": "eu-west-1"},
    ],
}


def listed(usage_type: str, *steps: tuple[str, str, str], unit: str = "Hrs") -> str:
    """One entry of the price list as GetProducts gives it: JSON in a text."""
    dimensions = {
        f"R{number}": {"unit": unit, "beginRange": low, "endRange": high, "pricePerUnit": {"USD": price}}
        for number, (low, high, price) in enumerate(steps)
    }
    return json.dumps(
        {
            "product": {"attributes": {"usagetype": usage_type}},
            "publicationDate": "2026-11-20T01:02:03Z",
            "terms": {"OnDemand": {"X": {"priceDimensions": dimensions}}},
        }
    )


@pytest.fixture
def client() -> Any:
    return boto3.client("pricing", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")


def test_all_pages_are_read(client: Any) -> None:
    with Stubber(client) as stub:
        first = listed("EU-BoxUsage:t3.micro", ("0", "Inf", "0.0114000000"))
        second = listed("EU-X", ("100", "Inf", "1"), ("0", "100", "2"), unit="Requests")
        stub.add_response("get_products", {"PriceList": [first], "NextToken": "more"}, ASKED)
        stub.add_response("get_products", {"PriceList": [second]}, {**ASKED, "NextToken": "more"})
        products = AwsPriceList(client).products(WANTED)
        stub.assert_no_pending_responses()
    assert [product.usage_type for product in products] == ["EU-BoxUsage:t3.micro", "EU-X"]
    assert products[0].tiers == (Tier(None, Decimal("0.0114")),)
    assert products[0].published == date(2026, 11, 20)
    assert products[1].tiers == (Tier(Decimal(100), Decimal(2)), Tier(None, Decimal(1)))


def test_an_error_of_aws_keeps_its_code_and_request(client: Any) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("get_products", "AccessDeniedException", response_meta={"RequestId": "r-1"})
        with pytest.raises(PriceListError, match=r"AmazonEC2 BoxUsage:t3.micro: AccessDeniedException \(request r-1\)"):
            AwsPriceList(client).products(WANTED)


@pytest.mark.parametrize("entry", ["{}", "[]", '{"product": {"attributes": {"usagetype": "a"}}}', "null", "nonsense"])
def test_an_entry_of_another_shape_is_an_error(client: Any, entry: str) -> None:
    with Stubber(client) as stub:
        stub.add_response("get_products", {"PriceList": [entry]}, ASKED)
        with pytest.raises(PriceListError, match="shape"):
            AwsPriceList(client).products(WANTED)


def test_without_credentials_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boto3.Session, "get_credentials", lambda self: None)
    with pytest.raises(PriceListError, match="pricing:GetProducts"):
        AwsPriceList.connect()
