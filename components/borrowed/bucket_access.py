"""The public access block of a bucket that others own."""

from typing import Any, Final

import pulumi
from pulumi.dynamic import Resource

from components.borrowed.bucket_setting import BucketSetting, code_of
from components.borrowed.decision import Value
from components.place import Place

FLAGS: Final = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


class BucketPublicAccessProvider(BucketSetting):
    """Four flags; each stays on that is on. A bucket without a block has none of them, which is told apart."""

    named = "public access block"
    setting = ()

    def current(self, props: dict[str, Any]) -> Value | None:
        """The bucket's flags, empty without a block."""
        from botocore.exceptions import ClientError

        try:
            answer = self.client(props).get_public_access_block(**self.asked(props))
        except ClientError as error:
            if code_of(error) == "NoSuchBucket":
                return None
            if code_of(error) == "NoSuchPublicAccessBlockConfiguration":
                return {}
            raise
        return {flag: bool(answer["PublicAccessBlockConfiguration"].get(flag)) for flag in FLAGS}

    def wanted(self, props: dict[str, Any]) -> Value:  # noqa: ARG002
        """All four."""
        return dict.fromkeys(FLAGS, True)

    def strongest(self, props: dict[str, Any], found: Value) -> Value:  # noqa: ARG002
        """All four: no flag is ever taken away."""
        return dict.fromkeys(FLAGS, True)

    def apply(self, props: dict[str, Any], value: Value) -> None:
        """Sets the flags, or takes the block away."""
        client = self.client(props)
        if value:
            client.put_public_access_block(**self.asked(props), PublicAccessBlockConfiguration=value)
        else:
            client.delete_public_access_block(**self.asked(props))

    def told(self, value: Value) -> str:
        """The flags that are on."""
        return ", ".join(flag for flag in FLAGS if value.get(flag)) or "none"


class BucketPublicAccess(Resource, module="backup", name="BucketPublicAccess"):
    """Closes an existing bucket to the public, because its owner asked for it."""

    def __init__(
        self, name: str, *, place: Place, bucket: pulumi.Input[str], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(BucketPublicAccessProvider(), name, {**place.borrowing(), "bucket": bucket}, opts)
