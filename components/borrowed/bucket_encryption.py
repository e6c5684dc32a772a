"""Default encryption of a bucket that others own."""

from typing import Any, Final

import pulumi
from pulumi.dynamic import Resource

from components.borrowed.bucket_setting import BucketSetting, code_of
from components.borrowed.decision import Value
from components.place import Place

# As S3 gives it back: it adds the flag.
_OURS: Final = [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}]


class BucketEncryptionProvider(BucketSetting):
    """The rules as S3 has them. Any encryption is its owner's choice: a key of KMS is never replaced by AES256."""

    named = "encryption"
    setting = ()

    def current(self, props: dict[str, Any]) -> Value | None:
        """The bucket's rules, an empty list without any."""
        from botocore.exceptions import ClientError

        try:
            answer = self.client(props).get_bucket_encryption(**self.asked(props))
        except ClientError as error:
            if code_of(error) == "NoSuchBucket":
                return None
            if code_of(error) == "ServerSideEncryptionConfigurationNotFoundError":
                return []
            raise
        return answer["ServerSideEncryptionConfiguration"]["Rules"]

    def wanted(self, props: dict[str, Any]) -> Value:  # noqa: ARG002
        """Encryption with S3's own key."""
        return _OURS

    def strongest(self, props: dict[str, Any], found: Value) -> Value:  # noqa: ARG002
        """Whatever is there, and ours where there is none."""
        return found or _OURS

    def apply(self, props: dict[str, Any], value: Value) -> None:
        """Sets the rules, or takes them away."""
        client = self.client(props)
        if value:
            client.put_bucket_encryption(**self.asked(props), ServerSideEncryptionConfiguration={"Rules": value})
        else:
            client.delete_bucket_encryption(**self.asked(props))

    def told(self, value: Value) -> str:
        """The algorithms."""
        defaults = [rule.get("ApplyServerSideEncryptionByDefault", {}) for rule in value]
        return ", ".join(str(default.get("SSEAlgorithm", "by rule")) for default in defaults) or "none"


class BucketEncryption(Resource, module="backup", name="BucketEncryption"):
    """Encrypts what is written to an existing bucket, where nothing else does."""

    def __init__(
        self, name: str, *, place: Place, bucket: pulumi.Input[str], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(BucketEncryptionProvider(), name, {**place.borrowing(), "bucket": bucket}, opts)
