from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

EFS = "aws:efs/fileSystem:FileSystem"
# infracost's ecr_repository and efs_file_system goldens (us-east-1).
CASES = [
    ("1 GB x 0.10", "aws:ecr/repository:Repository", {}, {"storage_gb": 1}, "0.1"),
    ("230 GB x 0.30 = 69.00", EFS, {}, {"storage_gb": 230}, "69"),
    ("230 GB x 0.16 = 36.80", EFS, {"availabilityZoneName": "us-east-1a"}, {"storage_gb": 230}, "36.8"),
    (
        "100 GB x 0.025 + 150 GB x 0.01",
        EFS,
        {},
        {"storage_gb": 0, "infrequent_gb": 100, "infrequent_access_gb": 150},
        "4",
    ),
    (
        "10 MB/s x 6.00",
        EFS,
        {"throughputMode": "provisioned", "provisionedThroughputInMibps": 10},
        {"storage_gb": 0},
        "60",
    ),
]


@pytest.mark.parametrize(("arithmetic", "token", "properties", "usage", "usd"), CASES, ids=[case[0] for case in CASES])
def test_a_store_costs_the_list_price(
    arithmetic: str, token: str, properties: dict[str, Any], usage: dict[str, Any], usd: str, make: Any, charge: Any
) -> None:
    bill = charge(make(token, **properties), usage=usage)

    assert bill.codes == []
    assert bill.total == Decimal(usd)


def test_elastic_throughput_is_refused(make: Any, charge: Any) -> None:
    assert charge(make(EFS, throughputMode="elastic"), usage={"storage_gb": 1}).codes == ["unpriceable"]
