from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pricing.resource import UNKNOWN

TABLE = "aws:dynamodb/table:Table"
SIZE = {"storage_gb": 0}
ON_DEMAND = {"billingMode": "PAY_PER_REQUEST"}
NO_REQUESTS = {"write_requests": 0, "read_requests": 0}
# Prices: AWS's DynamoDB list for us-east-1; infracost's dynamodb_table golden (us-east-2, the same prices) gives
# 3M WRU = 1.88, 8M RRU = 1.00, 230 GB = 57.50, PITR 2300 GB = 460.00, 20 WCU = 9.49, 30 RCU = 2.85.
CASES = [
    ("3M writes x 0.625/M", ON_DEMAND, {"write_requests": 3_000_000, "read_requests": 0, **SIZE}, "1.875"),
    ("8M reads x 0.125/M", ON_DEMAND, {"write_requests": 0, "read_requests": 8_000_000, **SIZE}, "1"),
    ("230 GB x 0.25", ON_DEMAND, {**NO_REQUESTS, "storage_gb": 230}, "57.5"),
    (
        "2300 GB x (0.25 storage + 0.20 PITR)",
        {**ON_DEMAND, "pointInTimeRecovery": {"enabled": True}},
        {**NO_REQUESTS, "storage_gb": 2300},
        "1035",
    ),
    ("20 WCU x 0.00065 x 730 + 30 RCU x 0.00013 x 730", {"writeCapacity": 20, "readCapacity": 30}, SIZE, "12.337"),
    (
        "with an index of 5/5: (25 x 0.00065 + 35 x 0.00013) x 730",
        {
            "writeCapacity": 20,
            "readCapacity": 30,
            "globalSecondaryIndexes": [{"name": "i", "writeCapacity": 5, "readCapacity": 5}],
        },
        SIZE,
        "15.184",
    ),
    (
        "100 GB x 0.10 in Standard-IA",
        {**ON_DEMAND, "tableClass": "STANDARD_INFREQUENT_ACCESS"},
        {**NO_REQUESTS, "storage_gb": 100},
        "10",
    ),
    ("460 GB of backups x 0.10", ON_DEMAND, {**NO_REQUESTS, **SIZE, "backup_gb": 460}, "46"),
    (
        "100 GB imported x 0.15",
        {**ON_DEMAND, "importTable": {"inputFormat": "CSV"}},
        {**NO_REQUESTS, **SIZE, "imported_gb": 100},
        "15",
    ),
    ("230 GB restored x 0.15", ON_DEMAND, {**NO_REQUESTS, **SIZE, "restored_gb": 230}, "34.5"),
    (
        "2M stream reads x 0.02 per 100k",
        {**ON_DEMAND, "streamEnabled": True},
        {**NO_REQUESTS, **SIZE, "stream_read_requests": 2_000_000},
        "0.4",
    ),
    (
        "a replica repeats 3M writes (0.625/M) and 10 GB (0.25): 2 x (1.875 + 2.5)",
        {**ON_DEMAND, "replicas": [{"regionName": "us-east-1"}]},
        {"write_requests": 3_000_000, "read_requests": 0, "storage_gb": 10},
        "8.75",
    ),
]


@pytest.mark.parametrize(("arithmetic", "properties", "usage", "usd"), CASES, ids=[case[0] for case in CASES])
def test_a_table_costs_the_list_price(
    arithmetic: str, properties: dict[str, Any], usage: dict[str, Any], usd: str, make: Any, charge: Any
) -> None:
    bill = charge(make(TABLE, **properties), usage=usage)

    assert bill.codes == []
    assert bill.total == Decimal(usd)


def test_recovery_of_a_borrowed_table_bills_its_size(make: Any, charge: Any) -> None:
    # 7.5 GB x 0.20
    recovery = make("pulumi-python:dynamic/backup:ContinuousBackups", table="orders", enabled=True)

    assert charge(recovery, usage={"table_size_gb": "7.5", "drilled_gb": 0}).total == Decimal("1.5")
    assert set(charge(recovery).codes) == {"undeclared-usage"}


def test_drills_bill_what_they_bring_back_and_read(make: Any, charge: Any) -> None:
    # 2 GB x 0.15, and three consistent reads of 2 GB: 3 x 524,288 units of 4 KB at 0.125 a million.
    recovery = make("pulumi-python:dynamic/backup:ContinuousBackups", table="orders", enabled=True)
    bill = charge(recovery, usage={"table_size_gb": 0, "drilled_gb": 2})
    assert bill.lines["Restore drills"] == Decimal("0.3")
    assert bill.lines["Reads of restore drills"] == Decimal("0.196608")
    off = make("pulumi-python:dynamic/backup:ContinuousBackups", table="orders", enabled=False)
    assert charge(off, usage={"table_size_gb": 1, "drilled_gb": 2}).total == 0


def test_recovery_that_is_unknown_is_priced_as_on(make: Any, charge: Any) -> None:
    bill = charge(make(TABLE, **ON_DEMAND, pointInTimeRecovery=UNKNOWN), usage={**NO_REQUESTS, "storage_gb": 1})

    assert bill.lines["Point-in-time recovery"] == Decimal("0.2")


def test_unknown_capacity_needs_a_bound(make: Any, charge: Any) -> None:
    table = make(TABLE, writeCapacity=UNKNOWN, readCapacity=1)

    assert charge(table, usage=SIZE).codes == ["unbounded-unknown"]
    assert charge(table, usage={**SIZE, "write_capacity": 10}).lines["Write capacity"] == Decimal("4.745")


def test_auto_scaling_makes_capacity_a_range(make: Any, charge: Any) -> None:
    table = make(TABLE, "orders", writeCapacity=5, readCapacity=1)
    target = make(
        "aws:appautoscaling/target:Target",
        "writes",
        resourceId="table/orders",
        scalableDimension="dynamodb:table:WriteCapacityUnits",
        minCapacity=2,
        maxCapacity=77,
    )
    writes = charge(target, table, usage=SIZE).priced.items[0].cost

    # infracost: 77 WCU, autoscaling = 36.54
    assert writes is not None
    assert [writes.minimum, writes.expected, writes.maximum] == [
        Decimal("0.949"),
        Decimal("2.3725"),
        Decimal("36.5365"),
    ]


def test_replica_in_a_region_without_prices_is_refused(make: Any, charge: Any) -> None:
    table = make(TABLE, **ON_DEMAND, replicas=[{"regionName": "sa-east-1"}])
    bill = charge(table, usage={**NO_REQUESTS, "storage_gb": 1})

    assert bill.codes == ["missing-price"]
    assert "ial cost refresh-prices --region sa-east-1" in bill.messages


@pytest.mark.parametrize(("keys", "rules"), [({}, 2), ({"rangeKey": "sk"}, 4)])
def test_contributor_insights_makes_two_rules_a_key(keys: dict[str, str], rules: int, make: Any, charge: Any) -> None:
    # 0.50 a rule and 0.03 per million events
    table = make(TABLE, "orders", **ON_DEMAND, hashKey="pk", **keys)
    insights = make("aws:dynamodb/contributorInsights:ContributorInsights", depends=[table], tableName=UNKNOWN)
    bill = charge(table, insights, usage={"events": 2_000_000})

    assert bill.total == rules * Decimal("0.5") + Decimal("0.06")


def test_deletion_protection_is_free(make: Any, charge: Any) -> None:
    bill = charge(make("pulumi-python:dynamic/backup:DeletionProtection"))

    assert (bill.priced.classification, bill.priced.items) == ("free", ())


def test_an_export_bills_what_it_writes(make: Any, charge: Any) -> None:
    # 100 GB x 0.10
    assert charge(make("aws:dynamodb/tableExport:TableExport"), usage={"exported_gb": 100}).total == Decimal(10)


def test_replicas_of_their_own_repeat_writes_and_storage(make: Any, charge: Any) -> None:
    # 3M x 0.625/M + 10 GB x (0.25 + 0.20); a global table of two regions repeats the writes twice
    usage = {"write_requests": 3_000_000}
    replica = make("aws:dynamodb/tableReplica:TableReplica", pointInTimeRecovery=True)
    joined = make("aws:dynamodb/globalTable:GlobalTable", replicas=[{"regionName": "us-east-1"}] * 2)

    assert charge(replica, usage={**usage, "storage_gb": 10}).total == Decimal("6.375")
    assert charge(joined, usage=usage).total == Decimal("3.75")


def test_an_unknown_table_class_is_refused(make: Any, charge: Any) -> None:
    assert "accepted are STANDARD" in charge(make(TABLE, **ON_DEMAND, tableClass="GLACIER")).messages


def index_target(make: Any, where: Any, **limits: int) -> Any:
    what = {"resourceId": where, "scalableDimension": "dynamodb:index:ReadCapacityUnits"}
    return make("aws:appautoscaling/target:Target", **what, **limits)


def test_scaling_of_an_index_counts(make: Any, charge: Any) -> None:
    # 5 + 100 RCU x 730 x 0.00013, at most; the target of the other index is not this one's.
    table = make(
        TABLE,
        name="orders",
        readCapacity=5,
        writeCapacity=0,
        globalSecondaryIndexes=[{"name": "by-date", "readCapacity": 10, "writeCapacity": 0}],
    )
    scaled = index_target(make, "table/orders/index/by-date", minCapacity=10, maxCapacity=100)
    other = index_target(make, "table/orders/index/by-name", minCapacity=10, maxCapacity=900)
    usage = {"storage_gb": 0}

    fixed = charge(table, usage=usage).priced.cost.maximum
    assert charge(scaled, table, usage=usage).priced.cost.maximum == fixed * 105 / 15
    assert charge(other, table, usage=usage).priced.cost.maximum == fixed


def test_a_replica_reads_recovers_and_has_the_class_of_its_table(make: Any, charge: Any) -> None:
    there = {"regionName": "us-east-1"}
    plain = {"readCapacity": 10, "writeCapacity": 0, "tableClass": "STANDARD_INFREQUENT_ACCESS"}
    usage = {"storage_gb": 10}
    alone = charge(make(TABLE, **plain), usage=usage)
    bill = charge(make(TABLE, **plain, replicas=[{**there, "pointInTimeRecovery": True}]), usage=usage)

    assert bill.codes == []
    assert bill.lines["Replica read capacity (us-east-1)"] == alone.lines["Read capacity"]
    assert bill.lines["Replica storage (us-east-1)"] == alone.lines["Table storage"]
    assert bill.lines["Point-in-time recovery of the replica (us-east-1)"] == Decimal(2)
    assert len(charge(make(TABLE, **plain, replicas=[there]), usage=usage).lines) == len(bill.lines) - 1


@pytest.mark.parametrize("source", ["restoreSourceName", "restoreSourceTableArn", "restoreBackupArn"])
def test_a_table_that_is_restored_bills_the_restore(source: str, make: Any, charge: Any) -> None:
    usage = {"storage_gb": 10, "read_requests": 0, "write_requests": 0}
    bill = charge(make(TABLE, billingMode="PAY_PER_REQUEST", **{source: UNKNOWN}), usage=usage)

    assert bill.lines["Restored table"] == Decimal("1.5")
