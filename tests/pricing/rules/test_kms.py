from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from pricing.resource import UNKNOWN

KEY, REQUESTS = "Customer-managed key", "Key requests"
INFRACOST = "infracost kms_key_test.golden"


@pytest.mark.parametrize(
    ("token", "properties", "usage", "expected", "source"),
    [
        ("aws:kms/key:Key", {}, None, ("1", "0"), INFRACOST),
        ("aws:kms/key:Key", {"enableKeyRotation": True}, {"rotations": 1}, ("2", "0"), "1.00 per rotation kept"),
        ("aws:kms/key:Key", {"enableKeyRotation": True}, {"rotations": 7}, ("3", "0"), "only the first two are billed"),
        ("aws:kms/key:Key", {}, {"requests": 100_000}, ("1", "0.3"), INFRACOST + ": 0.03 per 10,000"),
        ("aws:kms/key:Key", {"customerMasterKeySpec": "RSA_2048"}, {"requests": 10_000}, ("1", "0.03"), INFRACOST),
        ("aws:kms/key:Key", {"customerMasterKeySpec": "RSA_3072"}, {"requests": 10_000}, ("1", "0.15"), INFRACOST),
        ("aws:kms/key:Key", {"customerMasterKeySpec": UNKNOWN}, {"requests": 10_000}, ("1", "0.15"), "the dearest"),
        ("aws:kms/replicaKey:ReplicaKey", {}, None, ("1", "0"), "AWS KMS pricing: replicas are keys"),
    ],
)
def test_keys_cost_what_aws_lists(
    lines: Callable[..., dict[str, Decimal]], token: str, properties: dict[str, object],
    usage: dict[str, object] | None, expected: tuple[str, str], source: str,
) -> None:  # fmt: skip
    assert lines(token, properties, usage) == dict(zip((KEY, REQUESTS), map(Decimal, expected), strict=True)), source


@pytest.mark.parametrize(("rotation", "usd"), [(True, "3"), (False, "1"), (UNKNOWN, "3")])
def test_a_key_that_rotates_comes_to_both_versions_that_bill(rotation: Any, usd: str, make: Any, charge: Any) -> None:
    bill = charge(make("aws:kms/key:Key", enableKeyRotation=rotation))

    assert bill.codes == []
    assert bill.priced.cost.maximum == Decimal(usd)
