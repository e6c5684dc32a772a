"""What a bucket that others own gets: versions and their expiry, and the rest one by one where it is asked for."""

from dataclasses import dataclass

import pulumi

from components.backup.bucket_settings import BucketRules, tls_only_statement
from components.borrowed.bucket_access import BucketPublicAccess
from components.borrowed.bucket_encryption import BucketEncryption
from components.borrowed.bucket_lifecycle import BucketLifecycle
from components.borrowed.bucket_policy import BucketPolicy
from components.borrowed.bucket_versioning import BucketVersioning
from components.place import Place
from components.workload.bucket import Bucket


@dataclass(frozen=True, kw_only=True)
class BorrowedBucket:
    """Builds the settings of one existing bucket; none of them replaces what its owner has."""

    place: Place
    bucket: Bucket
    rules: BucketRules
    parent: pulumi.Resource

    def build(self, name: str) -> None:
        """Creates the resources, one after the other: S3 answers 409 to two changes of one bucket at the same time."""
        before: list[pulumi.Resource] = []
        bucket, place = self.bucket.name, self.place
        # Before versioning: the rule must see whether versions were kept before us.
        if "lifecycle" not in self.bucket.leave:
            days = self.rules
            lifecycle = BucketLifecycle(
                f"{name}-lifecycle",
                place=place,
                bucket=bucket,
                noncurrent_days=days.noncurrent_days,
                newer_versions=days.newer_versions,
                multipart_days=self.bucket.multipart_days,
                shorten=self.bucket.shorten,
                opts=self._after(before),
            )
            before = [lifecycle]
        if "versioning" not in self.bucket.leave:
            enabled = self.rules.versioning
            before = [
                BucketVersioning(
                    f"{name}-versioning", place=place, bucket=bucket, enabled=enabled, opts=self._after(before)
                )
            ]
        self._asked_for(name, before)

    def _asked_for(self, name: str, before: list[pulumi.Resource]) -> None:
        bucket, place, also = self.bucket.name, self.place, self.bucket.also
        if "encryption" in also:
            before = [BucketEncryption(f"{name}-encryption", place=place, bucket=bucket, opts=self._after(before))]
        if "policy" in also:
            statement = tls_only_statement(place, bucket, place.name("only-over-tls"))
            before = [
                BucketPolicy(
                    f"{name}-tls-only", place=place, bucket=bucket, statement=statement, opts=self._after(before)
                )
            ]
        # Last: a block of public policies would refuse the owner's own policy when ours is merged into it.
        if "publicAccessBlock" in also:
            BucketPublicAccess(f"{name}-private", place=place, bucket=bucket, opts=self._after(before))

    def _after(self, before: list[pulumi.Resource]) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self.parent, depends_on=before)
