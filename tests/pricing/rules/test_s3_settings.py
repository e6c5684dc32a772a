from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pricing.resource import UNKNOWN

VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"


@pytest.mark.parametrize("token", [VERSIONING, "aws:s3/bucketVersioningV2:BucketVersioningV2"])
@pytest.mark.parametrize("status", ["Enabled", UNKNOWN])
def test_versions_of_a_borrowed_bucket_are_stored_objects(token: str, status: Any, make: Any, charge: Any) -> None:
    # 2.6 GB x 0.023
    bill = charge(
        make(token, bucket="data", versioningConfiguration={"status": status}), usage={"noncurrent_gb": "2.6"}
    )

    assert bill.total == Decimal("0.0598")


@pytest.mark.parametrize("enabled", [True, UNKNOWN])
def test_versions_of_a_bucket_of_others_are_stored_objects(enabled: Any, make: Any, charge: Any) -> None:
    # 2.6 GB x 0.023
    versioning = make("pulumi-python:dynamic/backup:BucketVersioning", bucket="data", enabled=enabled)
    assert charge(versioning, usage={"noncurrent_gb": "2.6"}).total == Decimal("0.0598")


def test_versioning_of_others_that_is_not_asked_for_costs_nothing(make: Any, charge: Any) -> None:
    bill = charge(make("pulumi-python:dynamic/backup:BucketVersioning", bucket="data", enabled=False))
    assert (bill.codes, bill.lines) == ([], {})


def test_versions_declared_with_the_bucket_bill_there_alone(make: Any, charge: Any) -> None:
    bucket = make("aws:s3/bucket:Bucket", "data")
    versioning = make(VERSIONING, depends=[bucket], bucket=UNKNOWN, versioningConfiguration={"status": "Enabled"})
    usage = {"storage_gb": 0, "write_requests": 0, "read_requests": 0, "noncurrent_gb": 10}
    bill = charge(versioning, bucket, usage=usage)

    assert bill.codes == []
    assert bill.estimate.total.expected == Decimal("0.23")


def test_suspended_versioning_keeps_nothing_new(make: Any, charge: Any) -> None:
    bill = charge(make(VERSIONING, bucket="data", versioningConfiguration={"status": "Suspended"}))

    assert (bill.codes, bill.lines) == ([], {})


# infracost's s3_bucket golden: 20k = 0.20 (Intelligent), 30k = 0.30 (IA), 40k = 0.40 (One Zone), 50k = 1.50 (Flexible),
# 60k = 3.00 (Deep Archive); Glacier Instant: 0.02 per 1k on AWS's price page.
TRANSITIONS = [
    ("INTELLIGENT_TIERING", "transitions_to_intelligent", 20_000, "0.2"),
    ("STANDARD_IA", "transitions_to_standard_ia", 30_000, "0.3"),
    ("ONEZONE_IA", "transitions_to_one_zone_ia", 40_000, "0.4"),
    ("GLACIER", "transitions_to_glacier_flexible", 50_000, "1.5"),
    ("DEEP_ARCHIVE", "transitions_to_glacier_deep_archive", 60_000, "3"),
    ("GLACIER_IR", "transitions_to_glacier_instant", 10_000, "0.2"),
]


@pytest.mark.parametrize("kind", ["transitions", "noncurrentVersionTransitions"])
@pytest.mark.parametrize(("target", "key", "objects", "usd"), TRANSITIONS)
def test_each_moved_object_bills_a_request(
    target: str, key: str, objects: int, usd: str, kind: str, make: Any, charge: Any
) -> None:
    days = "days" if kind == "transitions" else "noncurrentDays"
    rules = [{"status": "Enabled", kind: [{days: 30, "storageClass": target}]}]
    bill = charge(make(LIFECYCLE, bucket="data", rules=rules), usage={key: objects})

    assert bill.codes == []
    assert bill.total == Decimal(usd)


def test_expiry_is_free(make: Any, charge: Any) -> None:
    rules = [
        {
            "status": "Enabled",
            "noncurrentVersionExpiration": {"noncurrentDays": 30},
            "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
        },
        {"status": "Disabled", "transitions": [{"days": 30, "storageClass": "GLACIER"}]},
    ]
    bill = charge(make(LIFECYCLE, bucket=UNKNOWN, rules=rules))

    assert (bill.codes, bill.lines) == ([], {})


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        (UNKNOWN, "unbounded-unknown"),
        ([{"status": "Enabled", "transitions": [{"storageClass": UNKNOWN}]}], "unbounded-unknown"),
        ([{"status": "Enabled", "transitions": UNKNOWN}], "unbounded-unknown"),
        ([UNKNOWN], "unbounded-unknown"),
        ([{"status": "Enabled", "transitions": [{"storageClass": "REDUCED"}]}], "unpriceable"),
        ([{"status": "Enabled", "transitions": [{"storageClass": "GLACIER"}]}], "undeclared-usage"),
    ],
)
def test_a_rule_that_cannot_be_priced_is_a_problem(rules: Any, code: str, make: Any, charge: Any) -> None:
    assert charge(make(LIFECYCLE, bucket="data", rules=rules)).codes == [code]


def test_inventory_bills_listed_objects(make: Any, charge: Any) -> None:
    # infracost's s3_bucket_inventory golden: 10M objects = 0.03 (0.025)
    assert charge(make("aws:s3/inventory:Inventory"), usage={"objects_listed": 10_000_000}).total == Decimal("0.025")
