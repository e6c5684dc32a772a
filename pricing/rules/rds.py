"""RDS instances: class and engine, storage, IOPS, backups, extended support, insights."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pricing.billing import Billing, Unpriceable
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey, free, priced, through_parent
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

_PAGE = "https://aws.amazon.com/rds/pricing/"
_ENGINES = ("mysql", "postgres", "mariadb")
_AURORA = ("aurora-mysql", "aurora-postgresql")
_STORAGE = {
    "gp2": "general purpose SSD, gp2",
    "gp3": "general purpose SSD, gp3",
    "io1": "provisioned IOPS SSD, io1",
    "io2": "provisioned IOPS SSD, io2",
    "standard": "magnetic",
}
_STRIPED_FROM = Decimal(400)


@priced(
    "aws:rds/instance:Instance",
    usage=[
        UsageKey(name="storage_gb", unit="GB", meaning="allocated storage when unknown at preview"),
        UsageKey(name="storage_iops", unit="IOPS", meaning="provisioned IOPS when unknown at preview"),
        UsageKey(name="storage_throughput", unit="MB/s", meaning="provisioned gp3 throughput when unknown at preview"),
        UsageKey(name="io_requests", unit="requests", meaning="I/O requests a month on magnetic storage"),
        UsageKey(
            name="extra_backup_gb",
            unit="GB",
            meaning="backups and snapshots above the allocated storage, which is free of charge",
            default="0",
        ),
        UsageKey(
            name="surplus_vcpu_hours",
            unit="vCPU-hours",
            meaning="CPU used a month above the credits of a T class in unlimited mode",
            default="0",
        ),
        *INSIGHTS_USAGE,
    ],
)
def instance(b: Billing) -> Iterator[LineItem]:
    """A database instance bills its class by the hour and its storage; with a standby, both twice."""
    engine, kind = _engine(b), b.text("instanceClass")
    refuse_inherited_version(b, "snapshotIdentifier", "restoreToPointInTime", "replicateSourceDb", "s3Import")
    az, label = ("multi_az", "Multi-AZ") if b.flag("multiAz", unknown=True) else ("single_az", "Single-AZ")
    yield b.item(
        f"Database instance ({kind}, {engine}, {label})",
        f"rds.instance.{engine}.{az}.{kind}",
        b.hours,
        f"1 instance x {b.hours} hours",
    )
    yield from _storage(b, az)
    yield from b.optional_item("Backups above the allocated storage", "rds.backup", "extra_backup_gb")
    family = kind.split(".")[1] if kind.count(".") == 2 else ""
    if family in ("t3", "t4g"):
        yield from b.optional_item("CPU credits above the baseline", f"rds.cpu_credits.{family}", "surplus_vcpu_hours")
    processors = vcpus(kind) * (2 if az == "multi_az" else 1)
    yield from extended_support(b, engine, processors)
    yield from advanced_insights(b, vcpus(kind))
    yield from enhanced_monitoring(b)
    yield from exported_logs(b)
    yield from managed_secret(b)
    if b.flag("publiclyAccessible", unknown=True):
        yield public_address(b, Quantity.exact(1))


def _engine(b: Billing) -> str:
    source = b.resource.get("replicateSourceDb")
    if source is not None and b.resource.get("engine") is None:
        msg = "property `engine` is absent on a replica; set it to the engine of its source"
        raise Unpriceable(msg)
    engine = b.text("engine")
    if engine in _AURORA:
        msg = f"property `engine` is {engine!r}; declare Aurora with rds.Cluster and rds.ClusterInstance"
        raise Unpriceable(msg)
    if engine not in _ENGINES:
        msg = f"property `engine` is {engine!r}; accepted are {', '.join(_ENGINES)}"
        raise Unpriceable(msg)
    return engine


def _storage(b: Billing, az: str) -> Iterator[LineItem]:
    kind = b.text("storageType", "gp2" if b.resource.get("iops") is None else "io1")
    if kind not in _STORAGE:
        msg = f"property `storageType` is {kind!r}; accepted are {', '.join(_STORAGE)}"
        raise Unpriceable(msg)
    size = _allocated(b)
    gigabytes = "storage_gb (not declared)" if size is None else f"{shown(size)} GB"
    usage_key = "storage_gb" if size is None else None
    yield b.item(f"Storage ({_STORAGE[kind]})", f"rds.storage.{az}.{kind}", size, gigabytes, usage_key=usage_key)
    if kind in ("io1", "io2"):
        iops = b.number("iops", unknown="storage_iops", default=1000)
        yield b.item("Provisioned IOPS", f"rds.iops.{az}.{kind}", iops, f"{shown(iops)} IOPS")
    elif kind == "gp3":
        striped = size is not None and size.minimum >= _STRIPED_FROM
        yield from _above(b, "iops", "storage_iops", Decimal(12000 if striped else 3000), az)
        yield from _above(b, "storageThroughput", "storage_throughput", Decimal(500 if striped else 125), az)
    elif kind == "standard":
        yield b.usage_item("I/O requests", "rds.io.standard", "io_requests", divisor=1_000_000)


def _allocated(b: Billing) -> Quantity | None:
    """Allocated storage; where storage may grow by itself, up to its limit."""
    if b.resource.get("allocatedStorage") is None:
        return b.use("storage_gb")
    size = b.number("allocatedStorage", unknown="storage_gb")
    limit = b.number("maxAllocatedStorage", unknown="storage_gb", default=0)
    return Quantity(size.minimum, size.expected, max(size.maximum, limit.maximum))


def _above(b: Billing, path: str, key: str, included: Decimal, az: str) -> Iterator[LineItem]:
    """IOPS or throughput above what gp3 includes for its size."""
    bought = b.number(path, unknown=key, default=included)
    above = bought.map(lambda value: max(Decimal(0), value - included))
    if above.maximum > 0:
        name, price = ("IOPS", "iops") if path == "iops" else ("Throughput", "throughput")
        formula = f"{shown(bought)} - {included:f}"
        yield b.item(f"{name} above {included:f}", f"rds.{price}.{az}.gp3", above, formula)


@priced(
    "aws:rds/snapshot:Snapshot",
    "aws:rds/snapshotCopy:SnapshotCopy",
    usage=[UsageKey(name="snapshot_gb", unit="GB", meaning="size of the snapshot above the free backup allowance")],
    by_usage=True,
)
def snapshot(b: Billing) -> Iterator[LineItem]:
    """A manual snapshot counts against backups above the allocated storage."""
    yield b.usage_item("Snapshot storage", "rds.backup", "snapshot_gb")


@priced(
    "aws:rds/exportTask:ExportTask",
    usage=[UsageKey(name="exported_gb", unit="GB", meaning="size of the snapshot that is exported to S3")],
    by_usage=True,
)
def export_task(b: Billing) -> Iterator[LineItem]:
    """An export bills the whole snapshot, whatever part of it is written."""
    yield b.usage_item("Snapshot export", "rds.snapshot_export", "exported_gb")


@priced(
    "aws:rds/proxy:Proxy",
    usage=[UsageKey(name="database_vcpu", unit="vCPU", meaning="vCPUs of the databases behind the proxy, at least 2")],
    by_usage=True,
)
def proxy(b: Billing) -> Iterator[LineItem]:
    """A proxy bills by the vCPUs of the databases behind it."""
    yield b.usage_item("Proxy", "rds.proxy", "database_vcpu", factor=b.hours)


free(
    "aws:rds/certificate:Certificate",
    "aws:rds/clusterEndpoint:ClusterEndpoint",
    "aws:rds/clusterParameterGroup:ClusterParameterGroup",
    "aws:rds/clusterRoleAssociation:ClusterRoleAssociation",
    "aws:rds/eventSubscription:EventSubscription",
    "aws:rds/instanceDesiredState:InstanceDesiredState",
    "aws:rds/optionGroup:OptionGroup",
    "aws:rds/parameterGroup:ParameterGroup",
    "aws:rds/roleAssociation:RoleAssociation",
    "aws:rds/subnetGroup:SubnetGroup",
    why="a setting; only instances, storage, backups and proxies bill",
    source=_PAGE,
)
through_parent(
    "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup",
    "aws:rds/proxyTarget:ProxyTarget",
    why="part of a proxy, which bills by the vCPUs behind it",
    source="https://aws.amazon.com/rds/proxy/pricing/",
)
