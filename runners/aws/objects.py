"""S3 through boto3."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from runners.aws.session import Clients, calling
from runners.backup.objects import BucketRules, Content, Version
from runners.errors import AwsError

_BATCH: Final = 1000
_CHUNK: Final = 1024 * 1024
# S3 copies up to 5 GB in one call; more needs parts.
_LARGEST_COPY: Final = 5 * 1024**3
_PART: Final = 1024**3
_MISSING: Final = ("NoSuchKey", "404", "NoSuchLifecycleConfiguration")


@dataclass(frozen=True)
class AwsObjects:
    """Reads stream, so that the size of an object does not matter."""

    clients: Clients

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

    def versions(self, bucket: str, prefix: str = "") -> Iterator[Version]:
        """Every version and marker, sorted by key; of one key the newest first.

        Raises:
            AwsError: they could not be listed.
        """
        pages = self._s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix)
        iterator = iter(pages)
        while True:
            with calling("s3:ListObjectVersions", bucket):
                page = next(iterator, None)
            if page is None:
                return
            yield from _merged(page)

    def content(self, bucket: str, key: str, version: str | None = None) -> Content:
        """Reads a version, or the newest one, and says what it is.

        Raises:
            AwsError: it could not be read.
        """
        which = {} if version is None else {"VersionId": version}
        digest, size = hashlib.sha256(), 0
        with calling("s3:GetObject", f"{bucket}/{key}"):
            answer = self._s3.get_object(Bucket=bucket, Key=key, **which)
            for chunk in answer["Body"].iter_chunks(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
        return Content(
            sha256=digest.hexdigest(),
            size=size,
            kind=answer.get("ContentType", ""),
            metadata=tuple(sorted(answer.get("Metadata", {}).items())),
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

    def copy(self, source: str, key: str, version: str, target: str, target_key: str, size: int) -> None:
        """Copies a version, however large, with its metadata.

        Raises:
            AwsError: it could not be copied.
        """
        given = {"Bucket": source, "Key": key, "VersionId": version}
        with calling("s3:CopyObject", f"{source}/{key}"):
            if size <= _LARGEST_COPY:
                self._s3.copy_object(Bucket=target, Key=target_key, CopySource=given)
            else:
                self._copy_parts(given, target, target_key, size)

    def hide(self, bucket: str, key: str) -> None:
        """Puts a delete marker on an object.

        Raises:
            AwsError: it was refused.
        """
        with calling("s3:DeleteObject", f"{bucket}/{key}"):
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

    def _copy_parts(self, given: dict[str, str], target: str, target_key: str, size: int) -> None:
        head = self._s3.head_object(**given)
        kept = {"ContentType": head.get("ContentType", ""), "Metadata": head.get("Metadata", {})}
        upload = self._s3.create_multipart_upload(Bucket=target, Key=target_key, **kept)["UploadId"]
        where: dict[str, Any] = {"Bucket": target, "Key": target_key, "UploadId": upload}
        try:
            parts = []
            for number, start in enumerate(range(0, size, _PART), 1):
                last = min(start + _PART, size) - 1
                done = self._s3.upload_part_copy(
                    **where, PartNumber=number, CopySource=given, CopySourceRange=f"bytes={start}-{last}"
                )
                parts.append({"PartNumber": number, "ETag": done["CopyPartResult"]["ETag"]})
            self._s3.complete_multipart_upload(**where, MultipartUpload={"Parts": parts})
        except BaseException:
            # Parts that nobody completes are billed until the bucket's rules take them away.
            self._s3.abort_multipart_upload(**where)
            raise

    @property
    def _s3(self) -> Any:
        return self.clients.client("s3")


def _merged(page: dict[str, Any]) -> Iterator[Version]:
    """S3 lists versions and markers apart; `IsLatest` and the times put them back into one order."""
    versions = [_version(held, marker=False) for held in page.get("Versions", [])]
    markers = [_version(held, marker=True) for held in page.get("DeleteMarkers", [])]
    yield from heapq.merge(versions, markers, key=lambda v: (v.key, not v.latest, -v.modified.timestamp()))


def _version(held: dict[str, Any], *, marker: bool) -> Version:
    return Version(
        key=held["Key"],
        id=held["VersionId"],
        modified=held["LastModified"].replace(microsecond=0),
        marker=marker,
        latest=held["IsLatest"],
        size=held.get("Size", 0),
        storage=held.get("StorageClass", "STANDARD"),
    )
