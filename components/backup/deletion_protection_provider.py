"""Reads and writes the deletion protection of a DynamoDB table."""

from typing import Any

from components.borrowed_setting import BorrowedSetting


class DeletionProtectionProvider(BorrowedSetting):
    """`enabled`: whether the table refuses to be deleted."""

    identity = ("region", "table")
    setting = ("enabled",)

    def current(self, props: dict[str, Any]) -> dict[str, Any] | None:
        """The table's deletion protection."""
        client = _client(props)
        try:
            table = client.describe_table(TableName=props["table"])["Table"]
        except client.exceptions.ResourceNotFoundException:
            return None
        return {"enabled": bool(table.get("DeletionProtectionEnabled", False))}

    def apply(self, props: dict[str, Any], wanted: dict[str, Any]) -> None:
        """Switches it."""
        _client(props).update_table(TableName=props["table"], DeletionProtectionEnabled=bool(wanted["enabled"]))


def _client(props: dict[str, Any]) -> Any:
    import boto3

    return boto3.client("dynamodb", region_name=props["region"])
