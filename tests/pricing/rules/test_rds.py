from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pricing.resource import UNKNOWN

INSTANCE = "aws:rds/instance:Instance"
# Hourly x 730. infracost's db_instance golden (us-east-1): mysql and mariadb db.t3.large 99.28, postgres 105.85,
# mysql db.t3.large Multi-AZ 198.56, mysql db.m5.large 124.83, db.t4g.small Multi-AZ 47.45. Price list rows seen
# verbatim: db.t3.micro 0.018, db.m5.4xlarge 1.424, db.m7g.xlarge 0.337, db.r6g.xlarge 0.45 and 0.899 (PostgreSQL),
# db.r6g.large 0.215 (MySQL). The others: AWS's RDS price pages.
CLASSES = [
    ("mysql", "db.t3.micro", False, "0.017"),
    ("mysql", "db.t3.micro", True, "0.034"),
    ("mysql", "db.t3.large", False, "0.136"),
    ("mysql", "db.t3.large", True, "0.272"),
    ("mariadb", "db.t3.large", False, "0.136"),
    ("mysql", "db.t4g.small", True, "0.065"),
    ("mysql", "db.m5.large", False, "0.171"),
    ("mysql", "db.r6g.large", False, "0.215"),
    ("mysql", "db.r5.4xlarge", False, "1.92"),
    ("postgres", "db.t3.micro", False, "0.018"),
    ("postgres", "db.t3.large", False, "0.145"),
    ("postgres", "db.t4g.medium", False, "0.065"),
    ("postgres", "db.m5.4xlarge", False, "1.424"),
    ("postgres", "db.m6g.large", False, "0.159"),
    ("postgres", "db.m7g.xlarge", False, "0.337"),
    ("postgres", "db.r6g.xlarge", False, "0.45"),
    ("postgres", "db.r6g.xlarge", True, "0.899"),
    ("postgres", "db.r6i.large", False, "0.25"),
]


@pytest.mark.parametrize(("engine", "kind", "standby", "hourly"), CLASSES)
def test_a_class_costs_its_hours(engine: str, kind: str, standby: bool, hourly: str, make: Any, charge: Any) -> None:
    bill = charge(make(INSTANCE, instanceClass=kind, engine=engine, multiAz=standby, allocatedStorage=20))

    assert bill.codes == []
    assert bill.priced.items[0].cost.expected == Decimal(hourly) * 730
    assert bill.total == Decimal(hourly) * 730 + Decimal(20) * Decimal("0.23" if standby else "0.115")


# The class is mysql db.t3.micro: 12.41. Storage rows of infracost's db_instance golden: io1 100 GB 12.50 and
# 1,200 IOPS 120.00, backups 1000 GB 95.00, gp3 Multi-AZ 400 GB 92.00 and 2,000 IOPS above 12,000 80.00.
STORAGE = [
    ("gp2: 20 GB x 0.115 = 2.30", {"allocatedStorage": 20}, {}, "2.3"),
    ("gp3: 20 GB x 0.115 = 2.30", {"allocatedStorage": 20, "storageType": "gp3"}, {}, "2.3"),
    ("io1: 12.50 + 120.00", {"allocatedStorage": 100, "storageType": "io1", "iops": 1200}, {}, "132.5"),
    ("IOPS alone make io1", {"allocatedStorage": 100, "iops": 1000}, {}, "112.5"),
    (
        "gp3, 100 GB: 11.50 + (4000 - 3000) x 0.02 + (225 - 125) x 0.08",
        {"allocatedStorage": 100, "storageType": "gp3", "iops": 4000, "storageThroughput": 225},
        {},
        "39.5",
    ),
    (
        "gp3, 400 GB: 46.00 + (14000 - 12000) x 0.02",
        {"allocatedStorage": 400, "storageType": "gp3", "iops": 14_000},
        {},
        "86",
    ),
    (
        "magnetic: 10 GB x 0.10 + 1M I/O x 0.10",
        {"allocatedStorage": 10, "storageType": "standard"},
        {"io_requests": 1_000_000},
        "1.1",
    ),
    ("1000 GB of backups x 0.095", {"allocatedStorage": 20}, {"extra_backup_gb": 1000}, "97.3"),
    ("100 vCPU-hours x 0.075", {"allocatedStorage": 20}, {"surplus_vcpu_hours": 100}, "9.8"),
    ("unknown size, 20 GB declared", {"allocatedStorage": UNKNOWN}, {"storage_gb": 20}, "2.3"),
    (
        "advanced insights: 2 vCPU x 730 x 0.0125",
        {"allocatedStorage": 20, "databaseInsightsMode": "advanced"},
        {},
        "20.55",
    ),
    ("2.30 + 730 x 0.005", {"allocatedStorage": 20, "publiclyAccessible": True}, {}, "5.95"),
    (
        "1 GB of monitoring logs x 0.50",
        {"allocatedStorage": 20, "monitoringInterval": 60},
        {"monitoring_log_gb": 1},
        "2.8",
    ),
]


@pytest.mark.parametrize(("arithmetic", "properties", "usage", "usd"), STORAGE, ids=[case[0] for case in STORAGE])
def test_what_a_database_adds(
    arithmetic: str, properties: dict[str, Any], usage: dict[str, Any], usd: str, make: Any, charge: Any
) -> None:
    bill = charge(make(INSTANCE, instanceClass="db.t3.micro", engine="mysql", **properties), usage=usage)

    assert bill.codes == []
    assert bill.total - Decimal("12.41") == Decimal(usd)


def test_storage_that_may_grow_is_a_range(make: Any, charge: Any) -> None:
    database = make(INSTANCE, instanceClass="db.t3.micro", engine="mysql", allocatedStorage=20, maxAllocatedStorage=100)
    cost = charge(database).priced.cost

    assert [cost.minimum, cost.expected, cost.maximum] == [Decimal("14.71"), Decimal("14.71"), Decimal("23.91")]


# infracost's db_instance golden: 1,460 vCPU-hours = 146.00 in the first two years; the third costs twice that.
SUPPORT = [
    ("mysql", "5.7.44", {}, "292"),
    ("mysql", "8.0.35", {}, "146"),
    ("mysql", "8.4.3", {}, None),
    ("mysql", "8.0", {"engineLifecycleSupport": "open-source-rds-extended-support-disabled"}, None),
    ("postgres", "12.19", {}, "146"),
    ("postgres", "16.3", {}, None),
    ("mariadb", "10.6", {}, None),
]


@pytest.mark.parametrize(("engine", "version", "more", "usd"), SUPPORT)
def test_old_versions_bill_extended_support(
    engine: str, version: str, more: dict[str, str], usd: str | None, make: Any, charge: Any
) -> None:
    database = make(
        INSTANCE, instanceClass="db.t3.micro", engine=engine, engineVersion=version, allocatedStorage=20, **more
    )
    support = [cost for name, cost in charge(database).lines.items() if name.startswith("Extended support")]

    assert support == ([] if usd is None else [Decimal(usd)])


REFUSED = [
    ({"engine": "oracle-se2"}, "unpriceable", "accepted are mysql, postgres, mariadb"),
    ({"engine": "aurora-mysql"}, "unpriceable", "rds.ClusterInstance"),
    ({"engine": "mysql", "instanceClass": "db.x9.large"}, "missing-price", "ial cost refresh-prices"),
    ({"engine": "mysql", "instanceClass": UNKNOWN}, "unbounded-unknown", "instanceClass"),
    ({"engine": UNKNOWN}, "unbounded-unknown", "engine"),
    ({"engine": "mysql", "storageType": "floppy"}, "unpriceable", "accepted are gp2"),
    ({"engine": "mysql", "allocatedStorage": UNKNOWN}, "unbounded-unknown", "storage_gb"),
    ({"engine": "mysql", "allocatedStorage": None}, "undeclared-usage", "storage_gb"),
    ({"replicateSourceDb": "orders"}, "unpriceable", "engine of its source"),
    ({"engine": "mysql", "performanceInsightsRetentionPeriod": 8}, "unpriceable", "accepted are 7"),
    ({"engine": "mysql", "performanceInsightsRetentionPeriod": 731}, "unpriceable", "accepted are 7"),
]


@pytest.mark.parametrize(("properties", "code", "said"), REFUSED)
def test_what_cannot_be_priced_is_a_problem(
    properties: dict[str, Any], code: str, said: str, make: Any, charge: Any
) -> None:
    bill = charge(make(INSTANCE, **{"instanceClass": "db.t3.micro", "allocatedStorage": 20, **properties}))

    assert bill.codes == [code]
    assert said in bill.messages


def test_snapshots_and_proxies(make: Any, charge: Any) -> None:
    # 100 GB x 0.095; 2 vCPU x 730 x 0.015
    assert charge(make("aws:rds/snapshot:Snapshot"), usage={"snapshot_gb": 100}).total == Decimal("9.5")
    assert charge(make("aws:rds/proxy:Proxy"), usage={"database_vcpu": 2}).total == Decimal("21.9")
    # infracost's rds_cluster golden: 200 GB = 2.00
    assert charge(make("aws:rds/exportTask:ExportTask"), usage={"exported_gb": 200}).total == Decimal(2)


SMALL = {"engine": "postgres", "instanceClass": "db.t3.micro", "allocatedStorage": 20}


def test_a_password_that_rds_manages_is_a_secret(make: Any, charge: Any) -> None:
    bill = charge(make("aws:rds/instance:Instance", **SMALL, manageMasterUserPassword=True))

    assert bill.lines["Secret of the password"] == Decimal("0.4")
    assert "Secret of the password" not in charge(make("aws:rds/instance:Instance", **SMALL)).lines


def test_exported_logs_bill_what_they_write(make: Any, charge: Any) -> None:
    database = make("aws:rds/instance:Instance", **SMALL, enabledCloudwatchLogsExports=["postgresql"])

    assert charge(database).codes == ["undeclared-usage"]
    assert charge(database, usage={"exported_log_gb": 2}).lines["Exported logs"] == Decimal(1)


@pytest.mark.parametrize("source", ["snapshotIdentifier", "replicateSourceDb", "restoreToPointInTime"])
def test_a_version_that_is_decided_elsewhere_is_not_guessed(source: str, make: Any, charge: Any) -> None:
    made_from = {source: {"sourceDbInstanceIdentifier": "shop"} if source.startswith("restore") else "shop"}
    bill = charge(make("aws:rds/instance:Instance", **SMALL, **made_from))

    assert bill.codes == ["unpriceable"]
    assert f"decided by `{source}`" in bill.messages
    assert charge(make("aws:rds/instance:Instance", **SMALL, **made_from, engineVersion="17.2")).codes == []
