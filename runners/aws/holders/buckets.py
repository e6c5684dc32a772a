"""S3 buckets as holders of data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from runners.aws.holders.patience import Patience
from runners.aws.session import Clients, call
from runners.errors import AwsError
from runners.kept.holders import Look, counted
from runners.kept.kept import Kept

_PAGE: Final = 1000


@dataclass(frozen=True)
class BucketHolder:
    """Bucket names are everybody's, so each call says whose bucket is meant."""

    clients: Clients
    patience: Patience
    account: str

    def look(self, name: str) -> Look | None:
        """Versions and bytes, as far as one page goes.

        Raises:
            AwsError: it could not be asked, or the bucket is another account's.
        """
        try:
            tags = self._call("GetBucketTagging", name, self._s3.get_bucket_tagging)["TagSet"]
        except AwsError as error:
            if error.code == "NoSuchBucket":
                return None
            if error.code != "NoSuchTagSet":
                raise
            tags = []
        page = self._call("ListObjectVersions", name, self._s3.list_object_versions)
        versions = page.get("Versions", [])
        number = len(versions) + len(page.get("DeleteMarkers", []))
        more = bool(page.get("IsTruncated"))
        size = None if more else sum(version["Size"] for version in versions)
        holds = f"{'over ' if more else ''}{counted(number, 'version')}"
        return Look(tags={tag["Key"]: tag["Value"] for tag in tags}, holds=holds, size=size)

    def remove(self, held: Kept) -> str:
        """Removes every version, marker and unfinished upload, then the bucket.

        Raises:
            AwsError: AWS refused something.
        """
        name = held.name
        try:
            stuck = self._empty(name)
            if stuck:
                return stuck
            self._abort_uploads(name)
            gone = lambda: self._call("DeleteBucket", name, self._s3.delete_bucket)  # noqa: E731
            self.patience.insist("BucketNotEmpty", gone)
        except AwsError as error:
            if error.code != "NoSuchBucket":
                raise
        return ""

    def _empty(self, name: str) -> str:
        """Always the first page: what was deleted is not listed again. Says what cannot be deleted."""
        while True:
            page = self._call("ListObjectVersions", name, self._s3.list_object_versions, MaxKeys=_PAGE)
            listed = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            if not listed:
                return ""
            errors = self._delete(name, [{"Key": held["Key"], "VersionId": held["VersionId"]} for held in listed])
            if len(errors) == len(listed):
                first = errors[0]
                why = f"{first.get('Code')}: {first.get('Message', '')}".rstrip(": ")
                return f"its objects cannot be deleted, such as {first.get('Key')} ({why})"

    def _delete(self, name: str, batch: list[dict[str, str]]) -> list[dict[str, Any]]:
        asked = {"Objects": batch, "Quiet": True}
        try:
            answer = self._call("DeleteObjects", name, self._s3.delete_objects, Delete=asked)
        except AwsError as error:
            if error.code != "MalformedXML":
                raise
        else:
            refused: list[dict[str, Any]] = answer.get("Errors", [])
            return refused
        # A key may hold characters that XML cannot: those go one by one.
        for entry in batch:
            self._call("DeleteObject", name, self._s3.delete_object, **entry)
        return []

    def _abort_uploads(self, name: str) -> None:
        while uploads := self._call("ListMultipartUploads", name, self._s3.list_multipart_uploads).get("Uploads"):
            for upload in uploads:
                which = {"Key": upload["Key"], "UploadId": upload["UploadId"]}
                self._call("AbortMultipartUpload", name, self._s3.abort_multipart_upload, **which)

    def _call(self, operation: str, name: str, method: Any, **arguments: Any) -> Any:
        return call(f"s3:{operation}", name, method, Bucket=name, ExpectedBucketOwner=self.account, **arguments)

    @property
    def _s3(self) -> Any:
        return self.clients.client("s3")
