from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pricing.resource import UNKNOWN

BUCKET = "aws:s3/bucket:Bucket"
EMPTY = {"storage_gb": 0, "write_requests": 0, "read_requests": 0}
# infracost's s3_bucket golden (us-east-1), with its own totals where a case is taken whole.
CASES = [
    ("10000 GB x 0.023 = 230.00", {"storage_gb": 10_000}, "230"),
    ("10 x 1k PUT x 0.005 = 0.05", {"write_requests": 10_000}, "0.05"),
    ("10 x 1k GET x 0.0004", {"read_requests": 10_000}, "0.004"),
    ("60 TB: 51200 x 0.023 + 10240 x 0.022", {"storage_gb": 61_440}, "1402.88"),
    ("2.6 GB of versions x 0.023", {"noncurrent_gb": "2.6"}, "0.0598"),
    ("30000 GB x 0.0125 = 375.00", {"standard_ia_gb": 30_000}, "375"),
    ("30000 GB read x 0.01 = 300.00", {"standard_ia_retrieved_gb": 30_000}, "300"),
    ("30 x 1k PUT x 0.01 = 0.30", {"standard_ia_write_requests": 30_000}, "0.3"),
    ("30 x 1k GET x 0.001 = 0.03", {"standard_ia_read_requests": 30_000}, "0.03"),
    ("50 x 1k PUT x 0.03 = 1.50", {"glacier_flexible_write_requests": 50_000}, "1.5"),
    ("50 x 1k retrievals x 0.03 = 1.50", {"glacier_flexible_retrieval_requests": 50_000}, "1.5"),
    ("60 x 1k retrievals x 0.10 = 6.00", {"glacier_deep_archive_retrieval_requests": 60_000}, "6"),
    ("10 x 1k GET x 0.01", {"glacier_instant_read_requests": 10_000}, "0.1"),
    ("40000 GB x 0.01 = 400.00", {"one_zone_ia_gb": 40_000}, "400"),
    ("20000 GB x 0.023 = 460.00", {"intelligent_frequent_gb": 20_000}, "460"),
    ("20000 GB x 0.0125 = 250.00", {"intelligent_infrequent_gb": 20_000}, "250"),
    ("20 x 1k objects x 0.0025 = 0.05", {"intelligent_objects": 20_000}, "0.05"),
    ("1000 GB x 0.004, AWS S3 price page", {"glacier_instant_gb": 1000}, "4"),
    ("50000 GB x 0.0036 = 180.00", {"glacier_flexible_gb": 50_000}, "180"),
    ("50000 GB read x 0.01 = 500.00", {"glacier_flexible_retrieved_gb": 50_000}, "500"),
    ("60000 GB x 0.00099 = 59.40", {"glacier_deep_archive_gb": 60_000}, "59.4"),
    ("60000 GB read x 0.02 = 1200.00", {"glacier_deep_archive_retrieved_gb": 60_000}, "1200"),
    ("100 GB out x 0.09, no free tier", {"internet_out_gb": 100}, "9"),
]


@pytest.mark.parametrize("token", [BUCKET, "aws:s3/bucketV2:BucketV2"])
@pytest.mark.parametrize(("arithmetic", "usage", "usd"), CASES, ids=[case[0] for case in CASES])
def test_a_bucket_costs_the_list_price(
    arithmetic: str, usage: dict[str, Any], usd: str, token: str, make: Any, charge: Any
) -> None:
    bill = charge(make(token), usage={**EMPTY, **usage})

    assert bill.codes == []
    assert bill.total == Decimal(usd)


def test_what_a_bucket_holds_must_be_declared(make: Any, charge: Any) -> None:
    bill = charge(make(BUCKET))

    assert bill.codes == ["undeclared-usage"] * 3
    assert bill.total == 0


@pytest.mark.parametrize("enabled", [True, UNKNOWN])
def test_a_bucket_that_versions_itself_or_may_asks_for_its_versions(enabled: object, make: Any, charge: Any) -> None:
    bill = charge(make(BUCKET, versioning={"enabled": enabled}), usage=EMPTY)

    assert "`noncurrent_gb` is not declared" in bill.messages


def test_the_free_internet_gigabytes_count_only_after_the_free_tier(make: Any, charge: Any) -> None:
    bill = charge(make(BUCKET), usage={**EMPTY, "internet_out_gb": 150})

    assert bill.total == Decimal("13.5")
    assert bill.estimate.total_after_free_tier is not None
    assert bill.estimate.total_after_free_tier.expected == Decimal("4.5")
