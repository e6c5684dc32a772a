"""Aurora: the cluster bills storage, I/O and backups; each instance bills its class or its capacity units."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pricing.billing import Billing, Unpriceable
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey, priced
from pricing.resource import Resource
from pricing.rules.addresses import public_address
from pricing.rules.arithmetic import shown
from pricing.rules.databases import (
    INSIGHTS_USAGE,
    advanced_insights,
    enhanced_monitoring,
    exported_logs,
    extended_support,
    managed_secret,
    refuse_inherited_version,
    vcpus,
)
from pricing.rules.references import referred

_CLUSTER = "aws:rds/cluster:Cluster"
_ENGINES = ("aurora-mysql", "aurora-postgresql")
_SERVERLESS = "db.serverless"
# What the cluster says for all of its instances.
_OF_CLUSTER = ("databaseInsightsMode", "engineLifecycleSupport", "engineVersion", "monitoringInterval",
               "performanceInsightsRetentionPeriod")  # fmt: skip
_OPTIMIZED = "aurora-iopt1"


@priced(
    _CLUSTER,
    usage=[
        UsageKey(name="storage_gb", unit="GB", meaning="data in the cluster, averaged over the month"),
        UsageKey(name="io_requests", unit="requests", meaning="storage reads and writes a month"),
        UsageKey(
            name="extra_backup_gb",
            unit="GB",
            meaning="backups kept longer than one day, and snapshots, above the size of the cluster",
            default="0",
        ),
        UsageKey(name="change_records", unit="records", meaning="changes kept for backtracking"),
        *INSIGHTS_USAGE,
    ],
)
def cluster(b: Billing) -> Iterator[LineItem]:
    """A cluster bills what it stores and, unless I/O-optimized, every storage request."""
    _refuse_other_engines(b)
    if b.text("storageType", "") == _OPTIMIZED:
        yield b.usage_item("Storage (I/O-optimized)", "aurora.storage.io_optimized", "storage_gb")
    else:
        yield b.usage_item("Storage", "aurora.storage", "storage_gb")
        yield b.usage_item("I/O requests", "aurora.io", "io_requests", divisor=1_000_000)
    yield from b.optional_item("Backups", "aurora.backup", "extra_backup_gb")
    declared = b.use("change_records")
    if b.number("backtrackWindow", unknown="change_records", default=0).maximum > 0 or declared is not None:
        yield b.usage_item("Backtrack", "aurora.backtrack", "change_records", divisor=1_000_000)
    yield from exported_logs(b)
    yield from managed_secret(b)


def _refuse_other_engines(b: Billing) -> None:
    engine = b.text("engine")
    if engine not in _ENGINES:
        msg = f"property `engine` is {engine!r}; accepted are {', '.join(_ENGINES)}"
        raise Unpriceable(msg)
    mode = b.text("engineMode", "provisioned")
    if mode != "provisioned":
        msg = f"property `engineMode` is {mode!r}; accepted is provisioned (serverless v2 included)"
        raise Unpriceable(msg)


@priced(
    "aws:rds/clusterInstance:ClusterInstance",
    usage=[
        UsageKey(name="capacity_units", unit="ACU", meaning="serverless capacity units in use, on average"),
        *INSIGHTS_USAGE,
    ],
)
def cluster_instance(b: Billing) -> Iterator[LineItem]:
    """An instance bills its class by the hour, or the capacity units it scales to."""
    owner = referred(b, b.resource.get("clusterIdentifier"), _CLUSTER)
    kind = b.text("instanceClass")
    b = _with_cluster(b, owner)
    optimized = owner is not None and owner.get("storageType") == _OPTIMIZED
    if kind == _SERVERLESS:
        yield _serverless(b, owner, optimized=optimized)
    else:
        if optimized:
            msg = f"class {kind} in a cluster with `storageType` {_OPTIMIZED!r} has no price here; accepted is aurora"
            raise Unpriceable(msg)
        yield b.item(f"Database instance ({kind})", f"aurora.instance.{kind}", b.hours, f"1 instance x {b.hours} hours")
        yield from extended_support(b, b.text("engine", "aurora-mysql"), vcpus(kind))
        yield from advanced_insights(b, vcpus(kind))
    yield from enhanced_monitoring(b)
    if b.flag("publiclyAccessible", unknown=True):
        yield public_address(b, Quantity.exact(1))


def _with_cluster(b: Billing, owner: Resource | None) -> Billing:
    """The bill of an instance with what its cluster decides for it, where it says nothing itself."""
    if owner is None:
        return b
    inherited = {path: value for path in _OF_CLUSTER if (value := owner.get(path)) is not None}
    own = {path: value for path, value in b.resource.properties.items() if value is not None}
    settings = replace(b, resource=replace(b.resource, properties={**inherited, **own}))
    made = replace(owner, properties={**owner.properties, "engineVersion": settings.resource.get("engineVersion")})
    refuse_inherited_version(replace(b, resource=made), "snapshotIdentifier", "restoreToPointInTime", "s3Import")
    return settings


@priced(
    "aws:rds/clusterSnapshot:ClusterSnapshot",
    "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy",
    usage=[UsageKey(name="snapshot_gb", unit="GB", meaning="size of the snapshot above the free backup allowance")],
    by_usage=True,
)
def cluster_snapshot(b: Billing) -> Iterator[LineItem]:
    """A manual snapshot counts as backup storage."""
    yield b.usage_item("Snapshot storage", "aurora.backup", "snapshot_gb")


def _serverless(b: Billing, owner: Resource | None, *, optimized: bool) -> LineItem:
    """Capacity units as declared, else between the cluster's minimum and maximum, expected at the maximum."""
    price = "aurora.serverless_v2.io_optimized" if optimized else "aurora.serverless_v2"
    declared = b.use("capacity_units")
    if declared is None and owner is not None:
        low = owner.get("serverlessv2ScalingConfiguration.minCapacity")
        high = owner.get("serverlessv2ScalingConfiguration.maxCapacity")
        if not isinstance(high, (str, type(b.hours))):
            return b.usage_item("Serverless capacity", price, "capacity_units", factor=b.hours)
        most = Quantity.exact(str(high))
        least = Quantity.exact(str(low)) if isinstance(low, (str, type(b.hours))) else Quantity.exact(0)
        units = Quantity(min(least.minimum, most.maximum), most.expected, most.maximum)
        formula = f"{shown(units)} ACU x {b.hours} hours"
        return b.item("Serverless capacity", price, units * b.hours, formula)
    return b.usage_item("Serverless capacity", price, "capacity_units", factor=b.hours)
