"""S3 through boto3."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from runners.aws.object_access import ObjectAccess
from runners.aws.object_copy import LARGEST_COPY, PART, Copier
from runners.aws.object_properties import properties_of
from runners.aws.refused_objects import about
from runners.aws.session import Clients, calling
from runners.aws.version_order import in_order, keep_order
from runners.backup.buckets.objects import BucketRules, Content, Keep, Version
from runners.errors import AwsError

_BATCH: Final = 1000
_CHUNK: Final = 1024 * 1024
_MISSING: Final = ("NoSuchKey", "404", "NoSuchLifecycleConfiguration", "ObjectLockConfigurationNotFoundError")


@dataclass(frozen=True)
class AwsObjects:
    """Reads stream, so that the size of an object does not matter. Sizes are in bytes."""

    clients: Clients
    largest_copy: int = LARGEST_COPY
    part: int = PART
    _access: dict[str, bool] = field(default_factory=dict, init=False, repr=False, compare=False)

    def rules(self, bucket: str) -> BucketRules:
        """How the bucket treats versions.

        Raises:
            AwsError: it could not be asked.
        """
        with calling("s3:GetBucketVersioning", bucket):
            status = self._s3.get_bucket_versioning(Bucket=bucket).get("Status")
        try:
            with calling("s3:GetBucketLifecycleConfiguration", bucket):
                rules = self._s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
        except AwsError as error:
            if error.code not in _MISSING:
                raise
            rules = []
        days = [
            rule["NoncurrentVersionExpiration"]["NoncurrentDays"]
            for rule in rules
            if rule.get("Status") == "Enabled" and "NoncurrentDays" in rule.get("NoncurrentVersionExpiration", {})
        ]
        return BucketRules(versioning=status == "Enabled", noncurrent_days=min(days, default=None))

    def held_fast(self, bucket: str) -> str | None:
        """Why what is written to the bucket now could not be removed again, None if it could.

        A default retention is put on every new version (S3 user guide, "Locking objects with Object Lock"), and with
        MFA Delete nobody removes a version without the owner's device.

        Raises:
            AwsError: it could not be asked.
        """
        try:
            with calling("s3:GetObjectLockConfiguration", bucket):
                lock = self._s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
        except AwsError as error:
            if error.code not in _MISSING:
                raise
            lock = {}
        retention = lock.get("Rule", {}).get("DefaultRetention")
        if retention:
            time = f"{retention['Years']} years" if retention.get("Years") else f"{retention.get('Days')} days"
            return f"Object Lock keeps every new version for {time} ({retention.get('Mode')})"
        with calling("s3:GetBucketVersioning", bucket):
            guarded = self._s3.get_bucket_versioning(Bucket=bucket).get("MFADelete") == "Enabled"
        return "MFA Delete keeps every version" if guarded else None

    def versions(self, bucket: str, prefix: str = "") -> Iterator[Version]:
        """Every version and marker, sorted by key; of one key in S3's order, the one that was stored last first.

        Raises:
            AwsError: they could not be listed, or their order cannot be told.
        """
        keep_order(self._s3)
        pages = self._s3.get_paginator("list_object_versions").paginate(
            Bucket=bucket, Prefix=prefix, OptionalObjectAttributes=["RestoreStatus"]
        )
        iterator = iter(pages)
        while True:
            with calling("s3:ListObjectVersions", bucket):
                page = next(iterator, None)
            if page is None:
                return
            for held, marker in in_order(page):
                yield _version(held, marker=marker)

    def content(self, bucket: str, key: str, version: str | None = None) -> Content:
        """Reads a version, or the newest one, and says what it is.

        Raises:
            ObjectRefused: this object cannot be read: archived, under a customer's key, denied, gone.
            AwsError: it could not be read.
        """
        which = {} if version is None else {"VersionId": version}
        digest, size = hashlib.sha256(), 0
        with about(), calling("s3:GetObject", f"{bucket}/{key}"):
            answer = self._s3.get_object(Bucket=bucket, Key=key, **which)
            for chunk in answer["Body"].iter_chunks(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
        access = self._reader(bucket)
        tags = access.tags(key, version) if answer.get("TagCount") else {}
        return Content(
            sha256=digest.hexdigest(), size=size, properties=properties_of(answer, tags, access.told(key, version))
        )

    def read(self, bucket: str, key: str) -> bytes | None:
        """A small object's bytes, None if there is none.

        Raises:
            AwsError: it could not be read.
        """
        try:
            with calling("s3:GetObject", f"{bucket}/{key}"):
                body: bytes = self._s3.get_object(Bucket=bucket, Key=key)["Body"].read()
                return body
        except AwsError as error:
            if error.code in _MISSING:
                return None
            raise

    def put(self, bucket: str, key: str, body: bytes) -> None:
        """Writes a small object.

        Raises:
            AwsError: it could not be written.
        """
        with calling("s3:PutObject", f"{bucket}/{key}"):
            self._s3.put_object(Bucket=bucket, Key=key, Body=body)

    def copy(self, source: str, version: Version, target: str, target_key: str, keep: Keep) -> tuple[str, ...]:
        """Copies a version, however large, and names what the copy could not keep.

        Raises:
            ObjectRefused: this object cannot be copied: archived, under a customer's key, key too long, denied, gone.
            AwsError: it could not be copied.
        """
        copier = Copier(self._s3, self._reader(source), self.largest_copy, self.part)
        with about():
            return copier.copy(source, version, target, target_key, keep)

    def hide(self, bucket: str, key: str) -> None:
        """Puts a delete marker on an object.

        Raises:
            ObjectRefused: this object's was refused.
            AwsError: it could not be asked for.
        """
        with about(), calling("s3:DeleteObject", f"{bucket}/{key}"):
            self._s3.delete_object(Bucket=bucket, Key=key)

    def remove(self, bucket: str, versions: Iterable[Version]) -> list[str]:
        """Removes versions and markers for good, and names those that could not be.

        Raises:
            AwsError: a request was refused as a whole.
        """
        left, batch = [], list[dict[str, str]]()
        for version in versions:
            batch.append({"Key": version.key, "VersionId": version.id})
            if len(batch) == _BATCH:
                left += self._removed(bucket, batch)
                batch = []
        return left + (self._removed(bucket, batch) if batch else [])

    def _removed(self, bucket: str, batch: list[dict[str, str]]) -> list[str]:
        with calling("s3:DeleteObjects", bucket):
            answer = self._s3.delete_objects(Bucket=bucket, Delete={"Objects": batch, "Quiet": True})
        return [f"{bucket}/{error['Key']}: {error.get('Code')}" for error in answer.get("Errors", [])]

    def _reader(self, bucket: str) -> ObjectAccess:
        return ObjectAccess(self._s3, bucket, self._access)

    @property
    def _s3(self) -> Any:
        return self.clients.client("s3")


def _version(held: dict[str, Any], *, marker: bool) -> Version:
    return Version(
        key=held["Key"],
        id=held["VersionId"],
        modified=held["LastModified"].replace(microsecond=0),
        marker=marker,
        latest=held["IsLatest"],
        size=held.get("Size", 0),
        storage=held.get("StorageClass", "STANDARD"),
        etag=held.get("ETag", ""),
        retrieved=held.get("RestoreStatus", {}).get("IsRestoreInProgress") is False,
    )
