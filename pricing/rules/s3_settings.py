"""Settings of buckets that have resources of their own: versioning, lifecycle, inventory, and the free ones."""

from __future__ import annotations

from collections.abc import Iterator

from contract import borrowed_types
from pricing.billing import Billing, Unpriceable
from pricing.line_item import LineItem
from pricing.registry import UsageKey, free, priced, through_parent
from pricing.rules.references import refers_to
from pricing.rules.s3 import BUCKETS, NONCURRENT

_PAGE = "https://aws.amazon.com/s3/pricing/"
_TARGETS = {
    "STANDARD_IA": ("standard_ia", "Standard-IA"),
    "ONEZONE_IA": ("one_zone_ia", "One Zone-IA"),
    "INTELLIGENT_TIERING": ("intelligent", "Intelligent-Tiering"),
    "GLACIER_IR": ("glacier_instant", "Glacier Instant Retrieval"),
    "GLACIER": ("glacier_flexible", "Glacier Flexible Retrieval"),
    "DEEP_ARCHIVE": ("glacier_deep_archive", "Glacier Deep Archive"),
}


@priced(
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketVersioningV2:BucketVersioningV2",
    usage=[NONCURRENT],
    by_usage=True,
)
def versioning(b: Billing) -> Iterator[LineItem]:
    """Versioning itself is free; the versions it keeps are stored at the price of any object."""
    if b.text("versioningConfiguration.status", "Enabled", unknown="Enabled") != "Enabled" or _on_bucket(b):
        return
    yield b.usage_item("Noncurrent versions", "s3.storage.standard", NONCURRENT.name)


@priced(borrowed_types.BUCKET_VERSIONING, usage=[NONCURRENT], by_usage=True)
def borrowed_versioning(b: Billing) -> Iterator[LineItem]:
    """The same for a bucket that others own."""
    if b.flag("enabled", default=True, unknown=True):
        yield b.usage_item("Noncurrent versions", "s3.storage.standard", NONCURRENT.name)


def _on_bucket(b: Billing) -> bool:
    """Whether the noncurrent versions are declared with the bucket, which then bills them."""
    return any(
        b.declared(bucket, NONCURRENT.name) is not None
        for bucket in b.graph.of_type(*BUCKETS)
        if refers_to(b.resource, bucket, "bucket")
    )


@priced(
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
    usage=[
        UsageKey(name=f"transitions_to_{key}", unit="objects", meaning=f"objects moved a month to {name}")
        for key, name in _TARGETS.values()
    ],
)
def lifecycle(b: Billing) -> Iterator[LineItem]:
    """Expiry is free; each object that moves to another class bills a request there."""
    for target in _transition_targets(b):
        if target not in _TARGETS:
            msg = f"`storageClass` {target!r} in a lifecycle rule; accepted are {', '.join(_TARGETS)}"
            raise Unpriceable(msg)
        key, name = _TARGETS[target]
        yield b.usage_item(f"Transitions to {name}", f"s3.transition.{key}", f"transitions_to_{key}", divisor=1_000)


def _transition_targets(b: Billing) -> list[str]:
    """The classes that enabled rules move objects to, each once, in order of appearance."""
    targets: dict[str, None] = {}
    for index, _ in enumerate(b.items_of("rules")):
        if b.resource.get(f"rules.{index}.status") == "Disabled":
            continue
        for kind in ("transitions", "noncurrentVersionTransitions"):
            path = f"rules.{index}.{kind}"
            for place, _ in enumerate(b.items_of(path)):
                targets[b.text(f"{path}.{place}.storageClass")] = None
    return list(targets)


@priced(
    "aws:s3/inventory:Inventory",
    "aws:s3/bucketInventory:BucketInventory",
    usage=[UsageKey(name="objects_listed", unit="objects", meaning="objects listed a month: objects x reports")],
    by_usage=True,
)
def inventory(b: Billing) -> Iterator[LineItem]:
    """An inventory bills every object it lists."""
    yield b.usage_item("Objects listed", "s3.inventory", "objects_listed", divisor=1_000_000)


free(
    "aws:s3/accessPoint:AccessPoint",
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
    "aws:s3/bucketAcl:BucketAcl",
    "aws:s3/bucketAclV2:BucketAclV2",
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
    "aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketRequestPaymentConfiguration:BucketRequestPaymentConfiguration",
    "aws:s3/bucketRequestPaymentConfigurationV2:BucketRequestPaymentConfigurationV2",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2",
    borrowed_types.BUCKET_ENCRYPTION,
    borrowed_types.BUCKET_LIFECYCLE,
    borrowed_types.BUCKET_POLICY,
    borrowed_types.BUCKET_PUBLIC_ACCESS,
    "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration",
    "aws:s3/bucketWebsiteConfigurationV2:BucketWebsiteConfigurationV2",
    why="a setting of a bucket, free of charge",
    source=_PAGE,
)
free(
    "aws:s3/bucketNotification:BucketNotification",
    why="sending is free of charge; what receives the events bills them",
    source=_PAGE,
)
through_parent(
    "aws:s3/bucketObject:BucketObject",
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "aws:s3/objectCopy:ObjectCopy",
    why="its storage and requests are in the usage of its bucket",
    source=_PAGE,
)
through_parent(
    "aws:s3/bucketLogging:BucketLogging",
    "aws:s3/bucketLoggingV2:BucketLoggingV2",
    "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration",
    why="what it stores is in the usage of the bucket that it writes to",
    source=_PAGE,
)
