"""The workload around which the stack is built: what exists, and what the stack may create."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast, get_args

from components.reading import Reader
from contract.outputs import BucketSetting

RETENTION_DAYS: Final = (
    *(0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
_NAME: Final = (r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}", "a name of letters, digits, `.`, `_` and `-`")
_HOST_NAME: Final = (
    r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
    "the name under which users know the service, such as shop.example.com",
)
KEY: Final = (
    r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+",
    "the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT:key/ID; rights know no aliases)",
)
_BUCKET_SETTINGS: Final = "|".join(get_args(BucketSetting))
ASKED_FOR: Final = "encryption|publicAccessBlock|policy"
LONGEST_DAYS: Final = 36500


@dataclass(frozen=True, kw_only=True)
class Table:
    """A DynamoDB table to protect; one that doesn't exist is created."""

    name: str
    existing: bool
    hash_key: str
    pitr: bool
    deletion_protection: bool
    recovery_days: int | None
    shorten: bool
    kms_key: str | None

    @classmethod
    def read(cls, reader: Reader) -> "Table":
        """From one entry of `workload.tables`."""
        return cls(
            name=reader.text("name", r"[a-zA-Z0-9_.-]{3,255}", "3 to 255 letters, digits, `_`, `.` and `-`"),
            existing=reader.flag("existing", default=True),
            hash_key=reader.text("hashKey", r"\S{1,255}", "the name of a text attribute", "id"),
            pitr=reader.flag("pitr", default=True),
            deletion_protection=reader.flag("deletionProtection", default=True),
            recovery_days=reader.maybe_whole("recoveryDays", 1, 35),
            shorten=_shorten(reader, "recoveryDays"),
            kms_key=reader.maybe_text("kmsKey", *KEY),
        )


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """An S3 bucket to protect; one that doesn't exist is created.

    `leave` names what its owner keeps, `also` what an existing bucket gets only when it is asked for.
    """

    name: str
    existing: bool
    versioning: bool
    noncurrent_days: int | None
    multipart_days: int | None
    shorten: bool
    leave: tuple[str, ...]
    also: tuple[str, ...]
    kms_keys: tuple[str, ...]

    @property
    def left_to_owner(self) -> tuple[BucketSetting, ...]:
        """The settings that the stack does not touch: those to leave, and of an existing bucket those not asked for."""
        unasked = ASKED_FOR.split("|") if self.existing else []
        left = dict.fromkeys((*self.leave, *(setting for setting in unasked if setting not in self.also)))
        return tuple(cast(BucketSetting, setting) for setting in left)

    @classmethod
    def read(cls, reader: Reader) -> "Bucket":
        """From one entry of `workload.buckets`."""
        bucket = cls(
            name=reader.text("name", r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "a bucket name of 3 to 63 characters"),
            existing=reader.flag("existing", default=True),
            versioning=reader.flag("versioning", default=True),
            noncurrent_days=reader.maybe_whole("noncurrentDays", 1, LONGEST_DAYS),
            multipart_days=reader.maybe_whole("multipartDays", 1, LONGEST_DAYS),
            shorten=_shorten(reader, "noncurrentDays"),
            leave=reader.texts("leave", _BUCKET_SETTINGS, f"a list of {_BUCKET_SETTINGS.replace('|', ', ')}"),
            also=reader.texts("also", ASKED_FOR, f"a list of {ASKED_FOR.replace('|', ', ')}"),
            kms_keys=reader.texts("kmsKeys", *KEY),
        )
        if bucket.also and not bucket.existing:
            raise reader.refuse("also", "it with `existing: true` only: a bucket that is created has all of them")
        if both := set(bucket.also) & set(bucket.leave):
            raise reader.refuse("also", f"{', '.join(sorted(both))} in `also` or in `leave`, not in both")
        return bucket


@dataclass(frozen=True, kw_only=True)
class LogGroup:
    """A log group to keep for a limited time; one that doesn't exist is created."""

    name: str
    existing: bool
    retention_days: int | None
    shorten: bool

    @classmethod
    def read(cls, reader: Reader) -> "LogGroup":
        """From one entry of `workload.logGroups`."""
        return cls(
            name=reader.text("name", r"[A-Za-z0-9_./#-]{1,512}", "a log group name of 1 to 512 characters"),
            existing=reader.flag("existing", default=True),
            retention_days=reader.one_of("retentionDays", RETENTION_DAYS),
            shorten=_shorten(reader, "retentionDays"),
        )


@dataclass(frozen=True, kw_only=True)
class Workload:
    """Names of what is there. Every part may be absent: the program then leaves out what needs it."""

    ecs_cluster: str | None = None
    create_cluster: bool = False
    ecs_service: str | None = None
    load_balancer: str | None = None
    host_name: str | None = None
    target_group: str | None = None
    auto_scaling_group: str | None = None
    database: str | None = None
    database_kms_key: str | None = None
    tables: tuple[Table, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    log_groups: tuple[LogGroup, ...] = ()

    @classmethod
    def read(cls, reader: Reader) -> "Workload":
        """From `ial:workload`."""
        load_balancer = reader.maybe_text(
            "loadBalancer", r"(arn:.+:loadbalancer/)?app/[^/]+/[0-9a-f]+", "an ALB's ARN or its suffix app/NAME/ID"
        )
        target_group = reader.maybe_text(
            "targetGroup",
            r"(arn:.+:)?targetgroup/[^/]+/[0-9a-f]+",
            "a target group's ARN or its suffix targetgroup/NAME/ID",
        )
        work = cls(
            ecs_cluster=reader.maybe_text("ecsCluster", *_NAME),
            create_cluster=reader.flag("createCluster", default=False),
            ecs_service=reader.maybe_text("ecsService", *_NAME),
            load_balancer=load_balancer and _suffix(load_balancer),
            host_name=reader.maybe_text("hostName", *_HOST_NAME),
            target_group=target_group and _suffix(target_group),
            auto_scaling_group=reader.maybe_text("autoScalingGroup", r"[^:/]{1,255}", "an Auto Scaling group's name"),
            database=reader.maybe_text("database", r"[A-Za-z][A-Za-z0-9-]{0,62}", "an RDS instance's identifier"),
            database_kms_key=reader.maybe_text("databaseKmsKey", *KEY),
            tables=reader.sections("tables", Table.read),
            buckets=reader.sections("buckets", Bucket.read),
            log_groups=reader.sections("logGroups", LogGroup.read),
        )
        work._check(reader)
        return work

    def _check(self, reader: Reader) -> None:
        needs = (
            ("ecsService", self.ecs_service, "ecsCluster", self.ecs_cluster),
            ("createCluster", self.create_cluster, "ecsCluster", self.ecs_cluster),
            ("targetGroup", self.target_group, "loadBalancer", self.load_balancer),
            ("hostName", self.host_name, "loadBalancer", self.load_balancer),
            ("databaseKmsKey", self.database_kms_key, "database", self.database),
        )
        for key, value, needed, given in needs:
            if value and not given:
                raise reader.refuse(key, f"it together with {needed}, or neither")
        lists: tuple[tuple[str, Sequence[Table | Bucket | LogGroup]], ...] = (
            ("tables", self.tables),
            ("buckets", self.buckets),
            ("logGroups", self.log_groups),
        )
        for key, items in lists:
            if len({item.name for item in items}) < len(items):
                raise reader.refuse(key, "each name once")


def _shorten(reader: Reader, days: str) -> bool:
    """Whether the owner wants less than what is there: said for this resource, with the number of days beside it."""
    shorten = reader.flag("shorten", default=False)
    if shorten and not (reader.has(days) and reader.flag("existing", default=True)):
        raise reader.refuse("shorten", f"it with {days} of the same existing resource, or not at all")
    return shorten


def _suffix(value: str) -> str:
    """What CloudWatch's dimensions hold: an alarm with the whole ARN would see no data."""
    return value.rsplit(":", 1)[-1].removeprefix("loadbalancer/")
