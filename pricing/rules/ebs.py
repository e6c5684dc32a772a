"""EBS: volumes, snapshots, and the disks that instances declare inline."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pricing.billing import Billing, Unpriceable
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey, free, priced, through_parent
from pricing.rules.arithmetic import shown

_PAGE = "https://aws.amazon.com/ebs/pricing/"
_NAMES = {
    "gp2": "general purpose SSD, gp2",
    "gp3": "general purpose SSD, gp3",
    "io1": "provisioned IOPS SSD, io1",
    "io2": "provisioned IOPS SSD, io2",
    "st1": "throughput optimized HDD, st1",
    "sc1": "cold HDD, sc1",
    "standard": "magnetic",
}
_GP3_FREE_IOPS = Decimal(3000)
_GP3_FREE_THROUGHPUT = Decimal(125)
DISK_USAGE = (
    UsageKey(name="disk_gb", unit="GB", meaning="size of a disk whose size the program does not tell"),
    UsageKey(name="disk_iops", unit="IOPS", meaning="provisioned IOPS of a disk when unknown at preview"),
    UsageKey(name="disk_throughput", unit="MB/s", meaning="provisioned gp3 throughput when unknown at preview"),
    UsageKey(
        name="io_requests", unit="requests", meaning="I/O requests a month of a magnetic disk; other types bill none"
    ),
)


def disk(b: Billing, path: str, label: str, count: Quantity, *, size: str, kind: str) -> Iterator[LineItem]:
    """The lines of one disk, `count` times; `path` is the prefix of its properties, `size` and `kind` name two."""
    volume = b.text(f"{path}{kind}", "gp2")
    if volume not in _NAMES:
        msg = f"property `{path}{kind}` is {volume!r}; accepted are {', '.join(_NAMES)}"
        raise Unpriceable(msg)
    name, price = f"{label} ({_NAMES[volume]})", f"ebs.storage.{volume}"
    gigabytes = _size(b, f"{path}{size}")
    if gigabytes is None:
        yield b.item(name, price, None, "disk_gb (not declared): the image decides the size", usage_key="disk_gb")
    else:
        yield b.item(name, price, gigabytes * count, f"{shown(gigabytes)} GB x {shown(count)}")
    if volume in ("io1", "io2"):
        iops = b.number(f"{path}iops", unknown="disk_iops")
        yield b.item(f"{label}, IOPS", f"ebs.iops.{volume}", iops * count, f"{shown(iops)} x {shown(count)}")
    elif volume == "gp3":
        yield from _above(b, f"{path}iops", "disk_iops", _GP3_FREE_IOPS, (f"{label}, IOPS", "ebs.iops.gp3"), count)
        name = f"{label}, throughput"
        limit = _GP3_FREE_THROUGHPUT
        yield from _above(b, f"{path}throughput", "disk_throughput", limit, (name, "ebs.throughput.gp3"), count)
    elif volume == "standard":
        yield b.usage_item(f"{label}, I/O requests", "ebs.io.standard", "io_requests", divisor=1_000_000)


def _size(b: Billing, path: str) -> Quantity | None:
    """The declared size; without one the image or snapshot decides, and usage `disk_gb` must tell."""
    return b.use("disk_gb") if b.resource.get(path) is None else b.number(path, unknown="disk_gb")


def _above(
    b: Billing, path: str, key: str, included: Decimal, name_and_price: tuple[str, str], count: Quantity
) -> Iterator[LineItem]:
    """What is provisioned above the amount that the volume's price includes."""
    provisioned = b.number(path, unknown=key, default=included)
    above = provisioned.map(lambda value: max(Decimal(0), value - included))
    if above.maximum > 0:
        name, price = name_and_price
        formula = f"({shown(provisioned)} - {included:f}) x {shown(count)}"
        yield b.item(name, price, above * count, formula)


@priced("aws:ebs/volume:Volume", usage=DISK_USAGE)
def volume(b: Billing) -> Iterator[LineItem]:
    """A volume bills its size, and IOPS and throughput where they are bought apart."""
    yield from disk(b, "", "Volume", Quantity.exact(1), size="size", kind="type")


@priced(
    "aws:ebs/snapshot:Snapshot",
    "aws:ebs/snapshotCopy:SnapshotCopy",
    "aws:ebs/snapshotImport:SnapshotImport",
    usage=[UsageKey(name="snapshot_gb", unit="GB", meaning="changed blocks that the snapshot holds")],
    by_usage=True,
)
def snapshot(b: Billing) -> Iterator[LineItem]:
    """A snapshot bills the blocks it holds."""
    archived = b.text("storageTier", "standard") == "archive"
    yield b.usage_item("Snapshot storage", "ebs.snapshot.archive" if archived else "ebs.snapshot", "snapshot_gb")


@priced("aws:ebs/fastSnapshotRestore:FastSnapshotRestore")
def fast_snapshot_restore(b: Billing) -> Iterator[LineItem]:
    """Each snapshot and zone with fast restore bills by the hour."""
    yield b.item("Fast snapshot restore", "ebs.fast_snapshot_restore", b.hours, f"1 zone x {b.hours} hours")


free(
    "aws:ebs/encryptionByDefault:EncryptionByDefault",
    "aws:ebs/defaultKmsKey:DefaultKmsKey",
    "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess",
    "aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission",
    why="a setting of the account or a permission, free of charge",
    source=_PAGE,
)
through_parent(
    "aws:ec2/volumeAttachment:VolumeAttachment",
    why="joins a volume and an instance, which bill themselves",
    source=_PAGE,
)
