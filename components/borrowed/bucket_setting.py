"""What the settings of a bucket have in common."""

from typing import Any

from components.borrowed.borrowed_setting import BorrowedSetting


class BucketSetting(BorrowedSetting):
    """A setting of one S3 bucket. S3 is told whose bucket it has to be, and refuses another account's."""

    service, kind = "s3", "bucket"
    identity = ("region", "bucket")

    def asked(self, props: dict[str, Any]) -> dict[str, str]:
        """The parameters that every request has."""
        return {"Bucket": str(props["bucket"]), "ExpectedBucketOwner": str(props["account"])}


def code_of(error: Exception) -> str:
    """The code of S3's refusal: boto3 has no exception classes for most of them."""
    response: dict[str, Any] = getattr(error, "response", {})
    return str(response.get("Error", {}).get("Code", ""))
