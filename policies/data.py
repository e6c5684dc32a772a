"""Data that can be got back: recovery on, versions kept long enough, no deletion by accident, nothing public."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from pulumi_policy import Policy

from contract import borrowed_types
from contract.reading.json_text import read_json
from contract.reading.numbers import plain_number
from policies.adapter import stack_config
from policies.edge import About, judged_policy, resource_policy, stack_policy
from policies.memory import Finding
from policies.stack import Stack
from pricing.environment import Terms
from pricing.errors import UsageError
from pricing.resource import UNKNOWN, Graph, Plain, Resource

TABLE: Final = "aws:dynamodb/table:Table"
BUCKETS: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
VERSIONING: Final = ("aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2")
LIFECYCLE: Final = (
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
)
ACCESS_BLOCK: Final = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ACLS: Final = ("aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2")
DATABASE: Final = "aws:rds/instance:Instance"
CLUSTER: Final = "aws:rds/cluster:Cluster"
BACKUP_STAGE: Final = 2
DEFAULT_WINDOW_DAYS: Final = 14
LONGEST_PITR_DAYS: Final = Decimal(35)
_BLOCKS: Final = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
# A text is what the provider makes a boolean of.
_FALSE: Final = ("false", False)
_UNKNOWN_HINT: Final = "which is unknown at preview; set it to a known value"
_PROTECTED: Final = {
    TABLE: "deletionProtectionEnabled",
    borrowed_types.DELETION_PROTECTION: "enabled",
    DATABASE: "deletionProtection",
    CLUSTER: "deletionProtection",
}
_ENCRYPTED: Final = {
    DATABASE: "storageEncrypted",
    CLUSTER: "storageEncrypted",
    "aws:ebs/volume:Volume": "encrypted",
    "aws:efs/fileSystem:FileSystem": "encrypted",
}


_TABLE_RECOVERABLE: Final = About(
    name="table-recoverable",
    description="Every table has point-in-time recovery that covers the recovery window.",
    remedy="Set `pitr: true` for the table in ial:workload, or point_in_time_recovery on the table.",
)


def recovery(table: Resource, terms_of: Callable[[], Terms]) -> Iterator[str]:
    """Point-in-time recovery is on, and reaches back as far as the recovery window."""
    own = table.type == TABLE
    path, reach = ("pointInTimeRecovery.enabled", "pointInTimeRecovery.recoveryPeriodInDays")
    if not own:
        path, reach = "enabled", "recoveryPeriodInDays"
    what = f"table {table.name}" if own else f"{table.name} of table {_text(table.get('table'))}"
    fault = _not_true(table.get(path), path)
    if fault is not None:
        setting = f"`{path}`" if own else "`pitr` of the table in ial:workload"
        yield f"{what} has no point-in-time recovery: set {setting} to true{fault}"
        return
    days, window = table.get(reach, LONGEST_PITR_DAYS), recovery_window(terms_of())
    least = min(Decimal(window), LONGEST_PITR_DAYS)
    if not isinstance(days, Decimal):
        yield f"{what} reaches back `{reach}` days, {_UNKNOWN_HINT}"
    elif days < least:
        yield f"{what} reaches back {days} days and the recovery window is {window}: raise `{reach}` to {least}"


_VERSIONS_KEPT: Final = About(
    name="versions-kept",
    description="Buckets keep overwritten objects at least as long as the recovery window.",
    remedy="Enable versioning, and raise ial:backup.noncurrentDays or lower recoveryWindowDays.",
)


def versions_kept(resource: Resource, terms_of: Callable[[], Terms]) -> Iterator[str]:
    """Versioning is on, and overwritten versions live as long as the recovery window."""
    if resource.type == borrowed_types.BUCKET_VERSIONING:
        fault = _not_true(resource.get("enabled"), "enabled")
        if fault is not None:
            yield f"{resource.name} does not keep versions of the bucket's objects; set `versioning` to true{fault}"
        return
    if resource.type == borrowed_types.BUCKET_LIFECYCLE:
        yield from _kept_for(resource, resource.get("noncurrentDays"), terms_of)
        return
    if resource.type in VERSIONING:
        status = resource.get("versioningConfiguration.status")
        if status != "Enabled":
            yield f"{resource.name} does not keep versions of the bucket's objects; set its status to Enabled"
        return
    rules = resource.get("rules")
    if rules is UNKNOWN:
        yield f"{resource.name} has lifecycle `rules` {_UNKNOWN_HINT}"
        return
    for rule in rules if isinstance(rules, list) else []:
        yield from _expiry(resource, rule, terms_of)


def _expiry(resource: Resource, rule: Plain, terms_of: Callable[[], Terms]) -> Iterator[str]:
    if not isinstance(rule, dict):
        yield f"{resource.name} has a lifecycle rule {_UNKNOWN_HINT}"
        return
    expiry = rule.get("noncurrentVersionExpiration")
    if expiry is None or rule.get("status") == "Disabled":
        return
    yield from _kept_for(resource, expiry.get("noncurrentDays") if isinstance(expiry, dict) else UNKNOWN, terms_of)


def _kept_for(resource: Resource, days: Plain, terms_of: Callable[[], Terms]) -> Iterator[str]:
    window = recovery_window(terms_of())
    if not isinstance(days, Decimal):
        yield f"{resource.name} expires overwritten versions after `noncurrentDays`, {_UNKNOWN_HINT}"
    elif days < window:
        yield (
            f"{resource.name} expires overwritten versions after {days} days, so the bucket cannot be rolled back "
            f"over its recovery window of {window}; raise `noncurrentDays` to {window} or more"
        )


_DELETION_PROTECTED: Final = About(
    name="deletion-protected",
    description="Tables and databases are protected from deletion.",
    remedy="Set deletion protection; take it away in a change of its own when the data may go.",
)


def deletion_protected(resource: Resource) -> Iterator[str]:
    """What holds data cannot be deleted by one call."""
    path = _PROTECTED[resource.type]
    fault = _not_true(resource.get(path), path)
    if fault is not None:
        yield f"{resource.name} ({resource.type}) can be deleted by one call: set `{path}` to true{fault}"


_DATA_ENCRYPTED: Final = About(
    name="data-encrypted",
    description="Data is encrypted at rest.",
    remedy="Turn on encryption with the service's own key, which costs nothing.",
)


def encrypted(resource: Resource) -> Iterator[str]:
    """What holds data is encrypted at rest; DynamoDB and S3 always are."""
    path = _ENCRYPTED[resource.type]
    fault = _not_true(resource.get(path), path)
    if fault is not None:
        yield f"{resource.name} ({resource.type}) is not encrypted: set `{path}` to true{fault}"


_NO_PUBLIC_ACCESS: Final = About(
    name="no-public-access",
    description="Nothing that holds data is open to the internet.",
    remedy="Block public access on buckets; keep databases in private subnets.",
)


def private(resource: Resource) -> Iterator[str]:
    """Nothing is open to the internet."""
    if resource.type == ACCESS_BLOCK:
        for path in _BLOCKS:
            if (fault := _not_true(resource.get(path), path)) is not None:
                yield f"{resource.name} leaves the bucket open to the public: set `{path}` to true{fault}"
    elif resource.type == DATABASE:
        if resource.get("publiclyAccessible", "false") not in _FALSE:
            yield f"database {resource.name} may be reached from the internet: set `publiclyAccessible` to false"
    else:
        acl = resource.get("acl", "private")
        if acl is UNKNOWN or str(acl).startswith(("public", "authenticated")):
            yield f"{resource.name} has an `acl` that is not known to be private; remove it"


_BUCKETS_COMPLETE: Final = About(
    name="buckets-complete",
    description="Every bucket of the stack has versioning and a public access block.",
    remedy="Add a BucketVersioning and a BucketPublicAccessBlock for the bucket.",
)


def buckets_complete(stack: Stack) -> Iterator[Finding]:
    """Every bucket that the stack creates has versioning and a public access block beside it."""
    for bucket in stack.graph.of_type(*BUCKETS):
        for types, what in ((VERSIONING, "versioning"), ((ACCESS_BLOCK,), "public access block")):
            if not any(_belongs(setting, bucket) for setting in stack.graph.of_type(*types)):
                yield Finding(f"bucket {bucket.name} has no {what}; add a {_kind(types[0])} for it", bucket.urn)


_WORKLOAD_PROTECTED: Final = About(
    name="workload-protected",
    description="From stage 2 on, the workload's tables and buckets are protected by this stack.",
    remedy="Keep the backup component in the program; exclude a setting with `leave` in ial:workload.",
)


def workload_protected(stack: Stack) -> Iterator[Finding]:
    """From stage 2 on, every table and bucket that the configuration names is protected by this stack."""
    workload = _workload()
    if stack.terms.stage < BACKUP_STAGE:
        return
    for name, _ in _named(workload, "tables"):
        held = _has(stack.graph, "table", name, borrowed_types.CONTINUOUS_BACKUPS)
        if not held and not _has(stack.graph, "name", name, TABLE):
            yield Finding(f"table {name} of the workload has no point-in-time recovery in this stack; protect it")
    for name, entry in _named(workload, "buckets"):
        left = entry.get("leave")
        if isinstance(left, list) and "versioning" in left:
            continue
        if not _has(stack.graph, "bucket", name, borrowed_types.BUCKET_VERSIONING, *VERSIONING):
            yield Finding(f"bucket {name} of the workload has no versioning in this stack; protect it")


def recovery_window(terms: Terms) -> int:
    """The longest of what the environment and the configuration declare, in days."""
    configured = str(stack_config().get("ial:recoveryWindowDays") or "")
    if configured and not (configured.isascii() and configured.isdigit()):
        msg = f"ial:recoveryWindowDays: {configured!r} is not a number of days"
        raise UsageError(msg)
    declared = [int(configured)] if configured else []
    declared += [terms.recovery_window_days] if terms.recovery_window_days else []
    return max(declared, default=DEFAULT_WINDOW_DAYS)


def _workload() -> dict[str, object]:
    text = stack_config().get("ial:workload")
    try:
        data = read_json(text, "ial:workload", plain_number).data if text else {}
    except ValueError:
        data = None
    if not isinstance(data, dict):
        msg = "ial:workload: not an object, so what must be protected is not known"
        raise UsageError(msg)
    return data


def _named(workload: dict[str, object], key: str) -> Iterator[tuple[str, dict[str, object]]]:
    entries = workload.get(key) or []
    for entry in entries if isinstance(entries, list) else [entries]:
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            msg = f"ial:workload.{key}: an entry has no name, so what must be protected is not known"
            raise UsageError(msg)
        yield entry["name"], entry


def _has(graph: Graph, path: str, value: str, *types: str) -> bool:
    return any(resource.get(path) == value for resource in graph.of_type(*types))


def _belongs(setting: Resource, bucket: Resource) -> bool:
    named = setting.get("bucket")
    if isinstance(named, str):
        return named == bucket.get("bucket")
    return bucket.urn in setting.dependencies


def _not_true(value: Plain, path: str) -> str | None:
    """None if the value is true, else what to add to the sentence that says it is not."""
    if value is True or value == "true":
        return None
    return f" (`{path}` is unknown at preview)" if value is UNKNOWN else ""


def _text(value: Plain) -> str:
    return value if isinstance(value, str) else "(unknown at preview)"


def _kind(token: str) -> str:
    return token.rsplit(":", 1)[-1]


def policies() -> list[Policy]:
    """The policies of this group."""
    return [
        judged_policy(_TABLE_RECOVERABLE, recovery, frozenset({TABLE, borrowed_types.CONTINUOUS_BACKUPS})),
        judged_policy(
            _VERSIONS_KEPT,
            versions_kept,
            frozenset({*VERSIONING, *LIFECYCLE, borrowed_types.BUCKET_VERSIONING, borrowed_types.BUCKET_LIFECYCLE}),
        ),
        resource_policy(_DELETION_PROTECTED, deletion_protected, frozenset(_PROTECTED)),
        resource_policy(_DATA_ENCRYPTED, encrypted, frozenset(_ENCRYPTED)),
        resource_policy(_NO_PUBLIC_ACCESS, private, frozenset({ACCESS_BLOCK, DATABASE, *BUCKETS, *ACLS})),
        stack_policy(_BUCKETS_COMPLETE, buckets_complete),
        stack_policy(_WORKLOAD_PROTECTED, workload_protected),
    ]
