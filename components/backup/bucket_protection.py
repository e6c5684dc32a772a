"""What makes a bucket's objects recoverable."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import s3

from components.backup.bucket_settings import BucketRules, BucketSettings
from components.keeping import kept
from components.place import Place
from components.workload import Bucket


@dataclass(frozen=True, kw_only=True)
class BucketProtectionArgs:
    """The bucket and its rules."""

    place: Place
    stage: int
    bucket: Bucket
    rules: BucketRules


class BucketProtection(pulumi.ComponentResource):
    """Versions, their expiry, encryption, no public access and TLS only: on an existing bucket, or on a new one."""

    def __init__(self, name: str, args: BucketProtectionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:backup:BucketProtection", name, None, opts)
        created: list[pulumi.Resource] = []
        if not args.bucket.existing:
            created.append(
                s3.Bucket(
                    f"{name}-bucket",
                    bucket=args.bucket.name,
                    tags=args.place.tags(args.stage),
                    opts=kept(args.place, args.bucket.name, self),
                )
            )
        settings = BucketSettings(
            place=args.place,
            bucket=args.bucket.name,
            rules=args.rules,
            parent=self,
            depends_on=created,
            # Of others or of the stack's own: the bucket stays when the stack goes.
            retain=True,
        )
        settings.build(name, leave=args.bucket.leave)
        self.register_outputs({"bucket": args.bucket.name})
