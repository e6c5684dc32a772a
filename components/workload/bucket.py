"""S3 buckets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast, get_args

from components.reading import Reader
from components.workload.part import KEY, LONGEST_DAYS, Part, Stay, each_once, shorten
from contract import outputs
from contract.outputs import BucketSetting

_SETTINGS: Final = "|".join(get_args(BucketSetting))
_ASKED_FOR: Final = "encryption|publicAccessBlock|policy"


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
        unasked = _ASKED_FOR.split("|") if self.existing else []
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
            shorten=shorten(reader, "noncurrentDays"),
            leave=reader.texts("leave", _SETTINGS, f"a list of {_SETTINGS.replace('|', ', ')}"),
            also=reader.texts("also", _ASKED_FOR, f"a list of {_ASKED_FOR.replace('|', ', ')}"),
            kms_keys=reader.texts("kmsKeys", *KEY),
        )
        if bucket.also and not bucket.existing:
            raise reader.refuse("also", "it with `existing: true` only: a bucket that is created has all of them")
        if both := set(bucket.also) & set(bucket.leave):
            raise reader.refuse("also", f"{', '.join(sorted(both))} in `also` or in `leave`, not in both")
        return bucket

    def days(self, stay: Stay) -> int:
        """How many days an overwritten version stays."""
        return self.noncurrent_days or stay.noncurrent_days

    def told(self, stay: Stay) -> outputs.Bucket:
        """The bucket in the stack's outputs."""
        return outputs.Bucket(
            name=self.name,
            arn=stay.place.bucket_arn(self.name),
            existing=self.existing,
            versioning=self.versioning,
            noncurrent_days=self.days(stay),
            left_to_owner=self.left_to_owner,
        )


@dataclass(frozen=True, kw_only=True)
class Buckets(Part):
    """All of them."""

    all: tuple[Bucket, ...] = ()

    @classmethod
    def read(cls, reader: Reader) -> "Buckets":
        """From `buckets`."""
        found = cls(all=reader.sections("buckets", Bucket.read))
        each_once(reader, "buckets", found.all)
        return found

    def restored(self) -> Sequence[str]:
        """Each by its own name."""
        return tuple(bucket.name for bucket in self.all)

    def held(self) -> Mapping[str, object]:
        """There is a part to look at where there is one bucket."""
        return {"buckets": self.all}

    def told(self, stay: Stay) -> Mapping[str, Any]:
        """Each with what holds for it."""
        return {"buckets": tuple(bucket.told(stay) for bucket in self.all)}
