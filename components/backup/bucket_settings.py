"""The five settings that make a bucket recoverable and private, each a resource beside the bucket."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_aws import s3

from components.place import Place


@dataclass(frozen=True, kw_only=True)
class BucketRules:
    """How long a bucket keeps what was overwritten or left unfinished; `expiring` has days by what keys begin with."""

    versioning: bool
    noncurrent_days: int
    newer_versions: int
    multipart_days: int
    expiring: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class BucketSettings:
    """Builds the settings of a bucket that the stack creates; `leave` names those that it does without."""

    place: Place
    bucket: str
    rules: BucketRules
    parent: pulumi.Resource
    depends_on: list[pulumi.Resource]

    def build(self, name: str, leave: Collection[str] = ()) -> None:
        """Creates the resources. They replace what a bucket has, so a bucket of others never gets them."""
        builders: dict[str, Callable[[str], None]] = {
            "lifecycle": self._lifecycle,
            "encryption": self._encryption,
            "publicAccessBlock": self._public_access_block,
            "policy": self._policy,
        }
        if "versioning" not in leave:
            self._versioning(name)
        for setting, builder in builders.items():
            if setting not in leave:
                builder(name)

    def _options(self) -> pulumi.ResourceOptions:
        # The bucket stays when the stack goes, and so does what keeps it safe.
        return pulumi.ResourceOptions(parent=self.parent, depends_on=self.depends_on, retain_on_delete=True)

    def _versioning(self, name: str) -> None:
        versioning = s3.BucketVersioning(
            f"{name}-versioning",
            bucket=self.bucket,
            versioning_configuration=s3.BucketVersioningVersioningConfigurationArgs(
                status="Enabled" if self.rules.versioning else "Suspended"
            ),
            opts=self._options(),
        )
        # Rules about noncurrent versions mean nothing before versioning is on.
        self.depends_on.append(versioning)

    def _lifecycle(self, name: str) -> None:
        rules = self.rules
        s3.BucketLifecycleConfiguration(
            f"{name}-lifecycle",
            bucket=self.bucket,
            rules=[
                s3.BucketLifecycleConfigurationRuleArgs(
                    id="expire-old-versions",
                    status="Enabled",
                    filter=s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                    noncurrent_version_expiration=s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                        noncurrent_days=rules.noncurrent_days, newer_noncurrent_versions=rules.newer_versions
                    ),
                    expiration=s3.BucketLifecycleConfigurationRuleExpirationArgs(expired_object_delete_marker=True),
                ),
                s3.BucketLifecycleConfigurationRuleArgs(
                    id="abort-unfinished-uploads",
                    status="Enabled",
                    filter=s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                    abort_incomplete_multipart_upload=(
                        s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                            days_after_initiation=rules.multipart_days
                        )
                    ),
                ),
                *(self._expiry(prefix, days) for prefix, days in self.rules.expiring.items()),
            ],
            opts=self._options(),
        )

    def _expiry(self, prefix: str, days: int) -> s3.BucketLifecycleConfigurationRuleArgs:
        """What is gone after its days, and for good as long afterwards as anything overwritten.

        The rule for all keys would keep one version of each for ever, as the newest that is no longer current.
        """
        return s3.BucketLifecycleConfigurationRuleArgs(
            id=f"expire-{prefix.strip('/')}",
            status="Enabled",
            filter=s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=prefix),
            expiration=s3.BucketLifecycleConfigurationRuleExpirationArgs(days=days),
            noncurrent_version_expiration=s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                noncurrent_days=self.rules.noncurrent_days
            ),
        )

    def _encryption(self, name: str) -> None:
        s3.BucketServerSideEncryptionConfiguration(
            f"{name}-encryption",
            bucket=self.bucket,
            rules=[
                s3.BucketServerSideEncryptionConfigurationRuleArgs(
                    apply_server_side_encryption_by_default=(
                        s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
                            sse_algorithm="AES256"
                        )
                    )
                )
            ],
            opts=self._options(),
        )

    def _public_access_block(self, name: str) -> None:
        s3.BucketPublicAccessBlock(
            f"{name}-private",
            bucket=self.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self._options(),
        )

    def _policy(self, name: str) -> None:
        s3.BucketPolicy(
            f"{name}-tls-only",
            bucket=self.bucket,
            policy=json.dumps(tls_only_policy(self.place, self.bucket)),
            opts=self._options(),
        )


def tls_only_policy(place: Place, bucket: str) -> dict[str, object]:
    """A policy that refuses every request that doesn't come over TLS."""
    return {"Version": "2012-10-17", "Statement": [tls_only_statement(place, bucket, "OnlyOverTls")]}


def tls_only_statement(place: Place, bucket: str, sid: str) -> dict[str, object]:
    """Its statement."""
    arn = place.bucket_arn(bucket)
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
