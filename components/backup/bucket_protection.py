"""What makes a bucket's objects recoverable."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import s3

from components.backup.borrowed_bucket import BorrowedBucket
from components.backup.bucket_settings import BucketRules, BucketSettings
from components.keeping import kept
from components.place import Place
from components.workload.bucket import Bucket


@dataclass(frozen=True, kw_only=True)
class BucketProtectionArgs:
    """The bucket and its rules."""

    place: Place
    stage: int
    bucket: Bucket
    rules: BucketRules


class BucketProtection(pulumi.ComponentResource):
    """Versions and their expiry on an existing bucket, beside what its owner has; on a new one all five settings."""

    def __init__(self, name: str, args: BucketProtectionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:backup:BucketProtection", name, None, opts)
        if args.bucket.existing:
            BorrowedBucket(place=args.place, bucket=args.bucket, rules=args.rules, parent=self).build(name)
        else:
            self._create(name, args)
        self.register_outputs({"bucket": args.bucket.name})

    def _create(self, name: str, args: BucketProtectionArgs) -> None:
        bucket = s3.Bucket(
            f"{name}-bucket",
            bucket=args.bucket.name,
            tags=args.place.tags(args.stage),
            opts=kept(args.place, args.bucket.name, self),
        )
        settings = BucketSettings(
            place=args.place, bucket=args.bucket.name, rules=args.rules, parent=self, depends_on=[bucket]
        )
        settings.build(name, leave=args.bucket.leave)
