from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

CLUSTER = "aws:rds/cluster:Cluster"
INSTANCE = "aws:rds/clusterInstance:ClusterInstance"
POSTGRES = {"engine": "aurora-postgresql"}
# infracost's rds_cluster golden (us-east-1): storage 100 GB 10.00, 52.56M I/O 10.51, backups 400 GB 8.40,
# 66,576M change records 798.91. I/O-optimized storage 0.225: AWS's Aurora price page.
CLUSTERS = [
    ("100 GB x 0.10 + 52.56M x 0.20", {}, {"storage_gb": 100, "io_requests": 52_560_000}, "20.512"),
    ("100 GB x 0.225", {"storageType": "aurora-iopt1"}, {"storage_gb": 100}, "22.5"),
    ("400 GB x 0.021", {}, {"storage_gb": 0, "io_requests": 0, "extra_backup_gb": 400}, "8.4"),
    ("66576M x 0.012", {}, {"storage_gb": 0, "io_requests": 0, "change_records": 66_576_000_000}, "798.912"),
]


@pytest.mark.parametrize(("arithmetic", "properties", "usage", "usd"), CLUSTERS, ids=[case[0] for case in CLUSTERS])
def test_a_cluster_costs_what_it_stores(
    arithmetic: str, properties: dict[str, Any], usage: dict[str, Any], usd: str, make: Any, charge: Any
) -> None:
    bill = charge(make(CLUSTER, **POSTGRES, **properties), usage=usage)

    assert bill.codes == []
    assert bill.total == Decimal(usd)


# infracost's rds_cluster_instance golden: db.t3.medium 59.86, db.t3.large 119.72;
# db.r6g.large 0.26 is a price list row.
@pytest.mark.parametrize(
    ("kind", "hourly"),
    [("db.t3.medium", "0.082"), ("db.t3.large", "0.164"), ("db.t4g.medium", "0.073"), ("db.r6g.large", "0.26")],
)
def test_an_instance_costs_its_hours(kind: str, hourly: str, make: Any, charge: Any) -> None:
    bill = charge(make(INSTANCE, **POSTGRES, instanceClass=kind))

    assert bill.codes == []
    assert bill.total == Decimal(hourly) * 730


def test_serverless_scales_between_the_limits_of_its_cluster(make: Any, charge: Any) -> None:
    # 0.5 to 5 ACU x 730 x 0.12; infracost: 3,650 ACU-hours = 438.00
    limits = {"minCapacity": 0.5, "maxCapacity": 5}
    cluster = make(CLUSTER, "data", **POSTGRES, clusterIdentifier="data", serverlessv2ScalingConfiguration=limits)
    instance = make(INSTANCE, **POSTGRES, instanceClass="db.serverless", clusterIdentifier="data")
    cost = charge(cluster, instance).priced.cost

    assert [cost.minimum, cost.expected, cost.maximum] == [Decimal("43.8"), Decimal(438), Decimal(438)]
    assert charge(cluster, instance, usage={"capacity_units": 1}).total == Decimal("87.6")


def test_serverless_without_a_least_may_cost_nothing(make: Any, charge: Any) -> None:
    limits = {"maxCapacity": 5}
    cluster = make(CLUSTER, "data", **POSTGRES, clusterIdentifier="data", serverlessv2ScalingConfiguration=limits)
    instance = make(INSTANCE, **POSTGRES, instanceClass="db.serverless", clusterIdentifier="data")
    assert charge(cluster, instance).priced.cost.minimum == 0


def test_serverless_without_limits_must_be_declared(make: Any, charge: Any) -> None:
    assert charge(make(INSTANCE, **POSTGRES, instanceClass="db.serverless")).codes == ["undeclared-usage"]


@pytest.mark.parametrize("properties", [{"engine": "mysql"}, {"engine": "aurora-mysql", "engineMode": "serverless"}])
def test_other_clusters_are_refused(properties: dict[str, str], make: Any, charge: Any) -> None:
    assert charge(make(CLUSTER, **properties)).codes == ["unpriceable"]


def test_a_class_in_an_optimized_cluster_is_refused(make: Any, charge: Any) -> None:
    cluster = make(CLUSTER, "data", **POSTGRES, clusterIdentifier="data", storageType="aurora-iopt1")
    instance = make(INSTANCE, **POSTGRES, instanceClass="db.t3.medium", clusterIdentifier="data")

    assert "unpriceable" in charge(cluster, instance).codes


def test_cluster_snapshots_bill_their_size(make: Any, charge: Any) -> None:
    # 100 GB x 0.021
    assert charge(make("aws:rds/clusterSnapshot:ClusterSnapshot"), usage={"snapshot_gb": 100}).total == Decimal("2.1")


def test_what_a_cluster_decides_bills_with_its_instances(make: Any, charge: Any) -> None:
    # Advanced insights and support of an old version, for two vCPUs; and an address of its own.
    old = make(
        CLUSTER, "shop", clusterIdentifier="shop", databaseInsightsMode="advanced", engineVersion="13.9", **POSTGRES
    )
    instance = {"clusterIdentifier": "shop", "instanceClass": "db.t3.medium", **POSTGRES}
    bill = charge(old, make(INSTANCE, **instance, publiclyAccessible=True))

    assert bill.lines["Database Insights, advanced"] == 2 * 730 * Decimal("0.0125")
    assert "Extended support of aurora-postgresql 13" in bill.lines
    assert bill.lines["Public IPv4 address"] == Decimal("3.65")
    plain = charge(make(CLUSTER, "shop", clusterIdentifier="shop", **POSTGRES), make(INSTANCE, **instance))
    assert len(plain.lines) == 1


def test_a_version_that_a_snapshot_decides_is_not_guessed(make: Any, charge: Any) -> None:
    restored = make(CLUSTER, "shop", clusterIdentifier="shop", snapshotIdentifier="nightly", **POSTGRES)
    bill = charge(restored, make(INSTANCE, clusterIdentifier="shop", instanceClass="db.t3.medium", **POSTGRES))

    assert "unpriceable" in bill.codes
    assert "decided by `snapshotIdentifier`" in bill.messages


def test_backtracking_needs_its_changes(make: Any, charge: Any) -> None:
    usage = {"storage_gb": 0, "io_requests": 0}
    cluster = make(CLUSTER, **POSTGRES, backtrackWindow=3600)

    assert charge(cluster, usage=usage).codes == ["undeclared-usage"]
    assert charge(make(CLUSTER, **POSTGRES, backtrackWindow=0), usage=usage).codes == []
