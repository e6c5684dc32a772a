"""Copies of versions that keep what S3 itself would drop: class, encryption, ACL, redirect; of large ones all headers.

S3 API reference, CopyObject: metadata and tags are copied by default; storage class, encryption, ACL and website
redirect are those of the request, or of the bucket. An upload in parts takes nothing over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from runners.aws.object_access import ObjectAccess
from runners.aws.object_properties import grants_of
from runners.aws.session import calling
from runners.backup.buckets.objects import ARCHIVED, Keep, Version
from runners.errors import AwsError

# S3 copies up to 5 GB in one call; more needs parts, at most 10,000 of them.
LARGEST_COPY: Final = 5 * 1024**3
PART: Final = 1024**3
_MOST_PARTS: Final = 10_000
_ENCRYPTION: Final = ("ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled")
_HEADERS: Final = ("ContentType", "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "Expires")
_NO_ACLS: Final = "AccessControlListNotSupported"
_PLAIN: Final = "STANDARD"


@dataclass(frozen=True)
class Copier:
    """Copies out of one bucket. `largest` and `part` are in bytes."""

    s3: Any
    access: ObjectAccess
    largest: int
    part: int

    def copy(self, source: str, version: Version, target: str, target_key: str, keep: Keep) -> tuple[str, ...]:
        """Copies a version and names what the copy could not keep.

        Raises:
            AwsError: it could not be copied.
        """
        which = {"Bucket": source, "Key": version.key, "VersionId": version.id}
        with calling("s3:HeadObject", f"{source}/{version.key}"):
            head = self.s3.head_object(**which)
        acl = self.access.acl(version.key, version.id) if keep.access else {}
        lost = [] if acl is not None else ["ACL: s3:GetObjectAcl is denied"]
        kept = {name: head[name] for name in _ENCRYPTION if head.get(name)}
        if keep.storage:
            kept["StorageClass"], told = _storage(head)
            lost += told
        if keep.access:
            kept |= {"WebsiteRedirectLocation": head["WebsiteRedirectLocation"]} if _redirects(head) else {}
            lost += _locks(head)
        grants = grants_of(acl) if acl else {}
        where = {"Bucket": target, "Key": target_key}
        try:
            self._copy(which, where, head, kept | grants)
        except AwsError as error:
            if error.code != _NO_ACLS or not grants:
                raise
            lost.append("ACL: the bucket has none")
            self._copy(which, where, head, kept)
        return tuple(lost)

    def _copy(
        self, which: dict[str, str], where: dict[str, str], head: Mapping[str, Any], kept: Mapping[str, Any]
    ) -> None:
        if head["ContentLength"] > self.largest:
            self._copy_parts(which, where, head, kept)
            return
        with calling("s3:CopyObject", f"{which['Bucket']}/{which['Key']}"):
            self.s3.copy_object(**where, CopySource=which, **kept)

    def _copy_parts(
        self, which: dict[str, str], where: dict[str, str], head: Mapping[str, Any], kept: Mapping[str, Any]
    ) -> None:
        given: dict[str, Any] = {name: head[name] for name in _HEADERS if head.get(name)}
        given["Metadata"] = head.get("Metadata", {})
        if head.get("TagCount"):
            given["Tagging"] = urlencode(self.access.tags(which["Key"], which["VersionId"]))
        told = f"{where['Bucket']}/{where['Key']}"
        with calling("s3:CreateMultipartUpload", told):
            upload = self.s3.create_multipart_upload(**where, **given, **kept)["UploadId"]
        asked: dict[str, Any] = {**where, "UploadId": upload}
        try:
            parts = self._parts(which, asked, head["ContentLength"], told)
            with calling("s3:CompleteMultipartUpload", told):
                self.s3.complete_multipart_upload(**asked, MultipartUpload={"Parts": parts})
        except BaseException as error:
            # Parts that nobody completes are billed until the bucket's rules take them away.
            self._abort(asked, told, error)
            raise

    def _parts(self, which: dict[str, str], asked: dict[str, Any], size: int, told: str) -> list[dict[str, Any]]:
        step = max(self.part, -(-size // _MOST_PARTS))
        parts = []
        for number, start in enumerate(range(0, size, step), 1):
            span = f"bytes={start}-{min(start + step, size) - 1}"
            with calling("s3:UploadPartCopy", told):
                done = self.s3.upload_part_copy(**asked, PartNumber=number, CopySource=which, CopySourceRange=span)
            parts.append({"PartNumber": number, "ETag": done["CopyPartResult"]["ETag"]})
        return parts

    def _abort(self, asked: dict[str, Any], told: str, error: BaseException) -> None:
        try:
            with calling("s3:AbortMultipartUpload", told):
                self.s3.abort_multipart_upload(**asked)
        except AwsError as failed:
            # What went wrong first is what must be told; that parts are left is told with it.
            error.add_note(f"its parts are left behind: {failed}")


def _storage(head: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The class of the copy: one of an archived object must be readable, or nothing was brought back."""
    storage = head.get("StorageClass", _PLAIN)
    if storage in ARCHIVED:
        return _PLAIN, [f"StorageClass: {storage} became {_PLAIN}, so that it can be read"]
    return storage, []


def _redirects(head: Mapping[str, Any]) -> bool:
    return bool(head.get("WebsiteRedirectLocation"))


def _locks(head: Mapping[str, Any]) -> list[str]:
    """A lock stays on the version that has it: a copy that nobody could remove is never made."""
    lost = []
    if head.get("ObjectLockMode"):
        until = head.get("ObjectLockRetainUntilDate")
        lost.append(f"Object Lock: {head['ObjectLockMode']} until {until} stays on version {head.get('VersionId')}")
    if head.get("ObjectLockLegalHoldStatus") == "ON":
        lost.append(f"Object Lock: the legal hold stays on version {head.get('VersionId')}")
    return lost
