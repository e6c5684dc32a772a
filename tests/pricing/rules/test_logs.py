from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from pricing.resource import UNKNOWN

GROUP = "aws:cloudwatch/logGroup:LogGroup"
IN, KEPT, VENDED, SCANNED = (
    "Log data ingested", "Log data kept", "Log data from AWS services", "Log data scanned by queries",
)  # fmt: skip
Lines = Callable[..., dict[str, Decimal | None]]


@pytest.mark.parametrize(
    ("properties", "usage", "expected", "source"),
    [
        (
            {}, {"ingested_gb": 1000, "stored_gb": 500, "scanned_gb": 250},
            {IN: "500", KEPT: "15", SCANNED: "1.25"}, "infracost cloudwatch_log_group_test.golden",
        ),
        ({}, {"ingested_gb": "1.3", "stored_gb": 0}, {IN: "0.65", KEPT: "0"}, "1.3 GB x 0.50"),
        (
            {"logGroupClass": "INFREQUENT_ACCESS"}, {"ingested_gb": 10, "stored_gb": 2, "vended_gb": 4},
            {IN: "2.5", KEPT: "0.06", VENDED: "1"}, "0.25 per GB",
        ),
        (
            {}, {"ingested_gb": 0, "stored_gb": 0, "vended_gb": 10_340},
            {IN: "0", KEPT: "0", VENDED: "5145"}, "10,240 GB x 0.50 + 100 GB x 0.25",
        ),
        ({"logGroupClass": "DELIVERY"}, {"ingested_gb": 10, "stored_gb": 0}, {IN: "2.5", KEPT: "0"}, "10 x 0.25"),
        ({"logGroupClass": UNKNOWN}, {"ingested_gb": 1, "stored_gb": 0}, {IN: "0.5", KEPT: "0"}, "dearest class"),
        (
            {}, {"ingested_gb": 0, "stored_gb": 0, "embedded_metrics": 5, "embedded_hours": 73},
            {IN: "0", KEPT: "0", "Custom metrics in log lines": "0.15"}, "5 x 0.30 for a tenth of the month",
        ),
    ],
)  # fmt: skip
def test_a_log_group_bills_data(
    lines: Lines, properties: dict[str, object], usage: dict[str, object], expected: dict[str, str], source: str
) -> None:
    assert lines(GROUP, properties, usage) == {name: Decimal(usd) for name, usd in expected.items()}, source


def test_what_a_log_group_takes_in_must_be_declared(lines: Lines) -> None:
    assert lines(GROUP) == {IN: None, KEPT: None}


def test_an_unheard_of_class_is_refused(refusal: Callable[..., str]) -> None:
    assert "accepted are STANDARD, INFREQUENT_ACCESS, DELIVERY" in refusal(GROUP, {"logGroupClass": "COLD"})


def test_retention_of_an_existing_group_bills_only_what_is_added(lines: Lines) -> None:
    token = "pulumi-python:dynamic/observability:LogRetention"
    assert lines(token) == {IN: Decimal(0), KEPT: Decimal(0)}
    assert lines(token, {}, {"ingested_gb": 2})[IN] == Decimal(1)


def test_delivery_and_masking_have_prices_of_their_own(lines: Lines) -> None:
    assert lines("aws:cloudwatch/logDelivery:LogDelivery", {}, {"delivered_gb": 3}) == {
        "Log data delivered": Decimal("1.5")
    }
    assert lines("aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy", {}, {"scanned_gb": 10}) == {
        "Log data scanned for sensitive data": Decimal("1.2")
    }


def test_a_policy_for_the_account_bills_only_masking(lines: Lines, refusal: Callable[..., str]) -> None:
    token = "aws:cloudwatch/logAccountPolicy:LogAccountPolicy"
    assert lines(token, {"policyType": "DATA_PROTECTION_POLICY"}, {"scanned_gb": 10}) == {
        "Log data scanned for sensitive data": Decimal("1.2")
    }
    assert lines(token, {"policyType": "FIELD_INDEX_POLICY"}) == {"Log policy": Decimal(0)}
    assert "accepted are DATA_PROTECTION_POLICY" in refusal(token, {"policyType": "OTHER"})
