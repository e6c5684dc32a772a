from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pricing.resource import UNKNOWN

VOLUME = "aws:ebs/volume:Volume"
# infracost's ebs_volume golden (us-east-1), whole rows; io2 tiers from AWS's EBS price page.
CASES = [
    ("gp2: 10 GB x 0.10 = 1.00", {"size": 10}, {}, "1"),
    ("gp3: 40 GB x 0.08 = 3.20", {"size": 40, "type": "gp3"}, {}, "3.2"),
    (
        "gp3: 3.20 + 1000 IOPS x 0.005 + 5 MB/s x 0.04 = 8.40",
        {"size": 40, "type": "gp3", "iops": 4000, "throughput": 130},
        {},
        "8.4",
    ),
    ("io1: 30 GB x 0.125 + 300 IOPS x 0.065 = 23.25", {"size": 30, "type": "io1", "iops": 300}, {}, "23.25"),
    ("io2: 30 GB x 0.125 + 300 IOPS x 0.065 = 23.25", {"size": 30, "type": "io2", "iops": 300}, {}, "23.25"),
    (
        "io2: 100 GB x 0.125 + 32000 x 0.065 + 8000 x 0.046",
        {"size": 100, "type": "io2", "iops": 40_000},
        {},
        "2460.5",
    ),
    ("st1: 40 GB x 0.045 = 1.80", {"size": 40, "type": "st1"}, {}, "1.8"),
    ("sc1: 50 GB x 0.015 = 0.75", {"size": 50, "type": "sc1"}, {}, "0.75"),
    (
        "magnetic: 20 GB x 0.05 + 1M I/O x 0.05 = 1.05",
        {"size": 20, "type": "standard"},
        {"io_requests": 1_000_000},
        "1.05",
    ),
]


@pytest.mark.parametrize(("arithmetic", "properties", "usage", "usd"), CASES, ids=[case[0] for case in CASES])
def test_a_volume_costs_the_list_price(
    arithmetic: str, properties: dict[str, Any], usage: dict[str, Any], usd: str, make: Any, charge: Any
) -> None:
    bill = charge(make(VOLUME, **properties), usage=usage)

    assert bill.codes == []
    assert bill.total == Decimal(usd)


def test_iops_below_what_gp3_includes_are_no_credit(make: Any, charge: Any) -> None:
    assert list(charge(make(VOLUME, size=1, type="gp3", iops=3000, throughput=125)).lines) == [
        "Volume (general purpose SSD, gp3)"
    ]


def test_unknown_sizes_need_a_bound(make: Any, charge: Any) -> None:
    assert charge(make(VOLUME, size=UNKNOWN)).codes == ["unbounded-unknown"]
    assert charge(make(VOLUME, size=UNKNOWN), usage={"disk_gb": 10}).total == Decimal(1)
    assert charge(make(VOLUME, snapshotId="snap-1")).codes == ["undeclared-usage"]
    assert charge(make(VOLUME, size=1, type=UNKNOWN)).codes == ["unbounded-unknown"]


def test_an_unlisted_type_is_refused(make: Any, charge: Any) -> None:
    assert "accepted are gp2, gp3" in charge(make(VOLUME, size=1, type="gp9")).messages


def test_snapshots_bill_their_blocks(make: Any, charge: Any) -> None:
    # infracost's ebs_snapshot golden: 10 GB = 0.50, 100 DSU-hours = 75.00
    assert charge(make("aws:ebs/snapshot:Snapshot"), usage={"snapshot_gb": 10}).total == Decimal("0.5")
    assert charge(make("aws:ebs/snapshotCopy:SnapshotCopy"), usage={"snapshot_gb": 10}).total == Decimal("0.5")
    assert charge(make("aws:ebs/fastSnapshotRestore:FastSnapshotRestore")).total == Decimal("547.5")
