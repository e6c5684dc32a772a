"""Who may read a version, and its tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from runners.aws.object_properties import PRIVATE, access_of
from runners.aws.session import calling
from runners.errors import AwsError

_DENIED: Final = ("AccessDenied", "403")
_ENFORCED: Final = "BucketOwnerEnforced"


@dataclass(frozen=True)
class ObjectAccess:
    """Of one bucket. `known` remembers of which buckets the ACLs count: those of the owner alone are not asked for."""

    s3: Any
    bucket: str
    known: dict[str, bool]

    def tags(self, key: str, version: str | None) -> dict[str, str]:
        """A version's tags.

        Raises:
            AwsError: they could not be read.
        """
        with calling("s3:GetObjectTagging", f"{self.bucket}/{key}"):
            answer = self.s3.get_object_tagging(Bucket=self.bucket, Key=key, **_which(version))
        return {tag["Key"]: tag["Value"] for tag in answer["TagSet"]}

    def acl(self, key: str, version: str | None) -> Mapping[str, Any] | None:
        """A version's ACL, empty where ACLs do not count, None where it may not be read.

        Raises:
            AwsError: it could not be read.
        """
        if not self._counts():
            return {}
        try:
            with calling("s3:GetObjectAcl", f"{self.bucket}/{key}"):
                answer: Mapping[str, Any] = self.s3.get_object_acl(Bucket=self.bucket, Key=key, **_which(version))
                return answer
        except AwsError as error:
            if error.code in _DENIED:
                return None
            raise

    def told(self, key: str, version: str | None) -> str:
        """A version's ACL as text.

        Raises:
            AwsError: it could not be read.
        """
        acl = self.acl(key, version)
        if acl is None:
            return "unknown: s3:GetObjectAcl is denied"
        return access_of(acl) if acl else PRIVATE

    def _counts(self) -> bool:
        """ACLs are off in buckets made since April 2023 unless somebody switched them on."""
        if self.bucket not in self.known:
            try:
                with calling("s3:GetBucketOwnershipControls", self.bucket):
                    held = self.s3.get_bucket_ownership_controls(Bucket=self.bucket)
                rules = [rule["ObjectOwnership"] for rule in held["OwnershipControls"]["Rules"]]
                self.known[self.bucket] = _ENFORCED not in rules
            except AwsError as error:
                # No controls, or they may not be read: then each object is asked.
                if error.code not in (*_DENIED, "OwnershipControlsNotFoundError"):
                    raise
                self.known[self.bucket] = True
        return self.known[self.bucket]


def _which(version: str | None) -> dict[str, str]:
    return {} if version is None else {"VersionId": version}
