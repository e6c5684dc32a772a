"""A bucket for copies of configuration, and for records of drills and experiments."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import s3

from components.backup.bucket_settings import BucketRules, BucketSettings
from components.keeping import kept
from components.place import Place
from contract.names import configuration_bucket


@dataclass(frozen=True, kw_only=True)
class ConfigurationBucketArgs:
    """How long overwritten copies are kept."""

    place: Place
    stage: int
    rules: BucketRules


class ConfigurationBucket(pulumi.ComponentResource):
    """A private, versioned bucket of the stack's own."""

    bucket_name: str

    def __init__(self, name: str, args: ConfigurationBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:backup:ConfigurationBucket", name, None, opts)
        self.bucket_name = configuration_bucket(args.place.environment, args.place.account)
        bucket = s3.Bucket(
            f"{name}-bucket",
            bucket=self.bucket_name,
            tags=args.place.tags(args.stage),
            opts=kept(args.place, self.bucket_name, self),
        )
        settings = BucketSettings(
            place=args.place,
            bucket=self.bucket_name,
            rules=args.rules,
            parent=self,
            depends_on=[bucket],
            # The bucket stays when the stack goes, and is to stay private and versioned.
        )
        settings.build(name)
        self.register_outputs({"bucket_name": self.bucket_name})
