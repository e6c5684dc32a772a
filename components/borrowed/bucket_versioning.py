"""Versioning of a bucket that others own."""

from typing import Any, Final

import pulumi
from pulumi.dynamic import Resource

from components.borrowed.bucket_setting import BucketSetting, code_of
from components.borrowed.decision import Value
from components.place import Place

NEVER: Final = "Never"
ENABLED: Final = "Enabled"


class BucketVersioningProvider(BucketSetting):
    """`Enabled` over `Suspended` over `Never`. S3 cannot go back to `Never`: what comes back then is `Suspended`."""

    named = "versioning"
    setting = ("enabled",)

    def current(self, props: dict[str, Any]) -> Value | None:
        """The bucket's versioning."""
        from botocore.exceptions import ClientError

        try:
            return self.client(props).get_bucket_versioning(**self.asked(props)).get("Status", NEVER)
        except ClientError as error:
            if code_of(error) == "NoSuchBucket":
                return None
            raise

    def wanted(self, props: dict[str, Any]) -> Value:
        """Enabled, or not asked for."""
        return ENABLED if props["enabled"] else NEVER

    def strongest(self, props: dict[str, Any], found: Value) -> Value:
        """Enabled when either says so; it is never suspended."""
        return ENABLED if props["enabled"] else found

    def apply(self, props: dict[str, Any], value: Value) -> None:
        """Switches it."""
        status = {"Status": ENABLED if value == ENABLED else "Suspended"}
        self.client(props).put_bucket_versioning(**self.asked(props), VersioningConfiguration=status)

    def told(self, value: Value) -> str:
        """As S3 says it."""
        return {NEVER: "never on", ENABLED: "on", "Suspended": "suspended"}.get(value, str(value))

    def give_back(self, props: dict[str, Any], now: Value, known: dict[str, Any]) -> None:
        """Suspends it again; versions that were kept meanwhile stay."""
        if known.get("earlier") == NEVER and now == "Suspended":
            return
        super().give_back(props, now, known)
        if known.get("earlier") == NEVER and known.get("ours"):
            self.say(props, "was never on and is suspended now: S3 cannot take it back, and versions stay")


class BucketVersioning(Resource, module="backup", name="BucketVersioning"):
    """Makes an existing bucket keep overwritten objects, without importing the bucket."""

    def __init__(
        self,
        name: str,
        *,
        place: Place,
        bucket: pulumi.Input[str],
        enabled: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        props = {**place.borrowing(), "bucket": bucket, "enabled": enabled}
        super().__init__(BucketVersioningProvider(), name, props, opts)
