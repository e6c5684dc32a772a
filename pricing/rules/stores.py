"""File systems and image registries: storage by the gigabyte."""

from __future__ import annotations

from collections.abc import Iterator

from pricing.billing import Billing, Unpriceable
from pricing.line_item import LineItem
from pricing.registry import UsageKey, free, priced
from pricing.rules.arithmetic import shown

_EFS = "https://aws.amazon.com/efs/pricing/"
_ECR = "https://aws.amazon.com/ecr/pricing/"


@priced(
    "aws:ecr/repository:Repository",
    usage=[UsageKey(name="storage_gb", unit="GB", meaning="image layers stored, averaged over the month")],
    by_usage=True,
)
def repository(b: Billing) -> Iterator[LineItem]:
    """A repository bills the layers it stores."""
    yield b.usage_item("Image storage", "ecr.storage", "storage_gb")


@priced(
    "aws:efs/fileSystem:FileSystem",
    usage=[
        UsageKey(name="storage_gb", unit="GB", meaning="files in the standard class, averaged over the month"),
        UsageKey(name="infrequent_gb", unit="GB", meaning="files in the infrequent access class", default="0"),
        UsageKey(name="infrequent_access_gb", unit="GB", meaning="read or written there a month", default="0"),
        UsageKey(name="throughput", unit="MB/s", meaning="provisioned throughput when unknown at preview"),
    ],
)
def file_system(b: Billing) -> Iterator[LineItem]:
    """A file system bills what it stores in each class, and throughput that is bought apart."""
    zone = "standard" if b.resource.get("availabilityZoneName") is None else "one_zone"
    yield b.usage_item("File storage", f"efs.storage.{zone}", "storage_gb")
    for name, price, key in (
        ("File storage, infrequent access", f"efs.storage.{zone}_ia", "infrequent_gb"),
        ("Infrequent access", "efs.access.ia", "infrequent_access_gb"),
    ):
        yield from b.optional_item(name, price, key)
    mode = b.text("throughputMode", "bursting")
    if mode == "provisioned":
        bought = b.number("provisionedThroughputInMibps", unknown="throughput")
        yield b.item("Provisioned throughput", "efs.throughput.provisioned", bought, f"{shown(bought)} MB/s")
    elif mode != "bursting":
        msg = f"property `throughputMode` is {mode!r}; accepted are bursting, provisioned"
        raise Unpriceable(msg)


free(
    "aws:efs/accessPoint:AccessPoint",
    "aws:efs/backupPolicy:BackupPolicy",
    "aws:efs/fileSystemPolicy:FileSystemPolicy",
    "aws:efs/mountTarget:MountTarget",
    why="a setting; a file system bills what it stores",
    source=_EFS,
)
free(
    "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule",
    "aws:ecr/registryPolicy:RegistryPolicy",
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
    "aws:ecr/repositoryPolicy:RepositoryPolicy",
    why="a setting; a registry bills what it stores",
    source=_ECR,
)
