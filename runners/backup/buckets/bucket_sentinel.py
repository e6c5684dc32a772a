"""The objects that a bucket drill writes: one is overwritten after the moment, one is deleted.

A restore that gives what the bucket holds now, whatever moment it was asked for, brings back other bytes of the first
and nothing of the second. Both lie under `ial-drill-RUN`, and nothing else of the bucket is ever written.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from contract.names import SENTINEL_PREFIX
from runners.backup.buckets.objects import Objects
from runners.errors import AwsError

_OVERWRITTEN: Final = "/overwritten"
_DELETED: Final = "/deleted"
# Runs of before had one object without a part after the run.
SENTINEL: Final = re.compile(rf"{SENTINEL_PREFIX}(?P<run>\d{{8}}-\d{{6}}-[0-9a-f]{{4}})({_OVERWRITTEN}|{_DELETED})?")


@dataclass(frozen=True, kw_only=True)
class BucketSentinel:
    """The two objects of one run."""

    objects: Objects
    bucket: str
    run: str

    @property
    def prefix(self) -> str:
        """Under which they lie."""
        return SENTINEL_PREFIX + self.run

    @property
    def keys(self) -> tuple[str, str]:
        """Their keys."""
        return self.prefix + _OVERWRITTEN, self.prefix + _DELETED

    def write(self, at: str) -> dict[str, str]:
        """Writes both, and gives the SHA-256 of each.

        Raises:
            AwsError: one could not be written.
        """
        digests = {}
        for key in self.keys:
            body = f"{key} {at}".encode()
            self.objects.put(self.bucket, key, body)
            digests[key] = hashlib.sha256(body).hexdigest()
        return digests

    def written_at(self) -> datetime:
        """When S3 says that the later of the two was written: S3's clock, not this machine's.

        Raises:
            AwsError: they are not listed.
        """
        times = [version.modified for version in self.objects.versions(self.bucket, self.prefix)]
        if not times:
            msg = f"s3:ListObjectVersions on {self.bucket}: the sentinel {self.prefix} was written and is not listed"
            raise AwsError(msg, operation="s3:ListObjectVersions", code="unknown")
        return max(times).astimezone(UTC)

    def change(self) -> None:
        """Overwrites the one and deletes the other.

        Raises:
            AwsError: one could not be changed.
        """
        overwritten, deleted = self.keys
        self.objects.put(self.bucket, overwritten, b"written after the moment")
        self.objects.hide(self.bucket, deleted)

    def problem(self, digests: Mapping[str, str], restored: Mapping[str, str | None]) -> str | None:
        """What is wrong with the copies, by the SHA-256 of each; None if they are those of before the moment."""
        overwritten, deleted = self.keys
        wrong = []
        if restored.get(overwritten) != digests[overwritten]:
            missing = restored.get(overwritten) is None
            wrong.append("the overwritten object is " + ("missing" if missing else "not that of the moment"))
        if restored.get(deleted) != digests[deleted]:
            missing = restored.get(deleted) is None
            wrong.append("the deleted object is " + ("missing" if missing else "not that of the moment"))
        return "; ".join(wrong) or None

    def remove(self) -> list[str]:
        """Removes both with all their versions, and names what is left.

        Raises:
            AwsError: they could not be listed.
        """
        held = self.objects.versions(self.bucket, self.prefix)
        return self.objects.remove(self.bucket, [version for version in held if version.key in self.keys])
