"""Reads and writes the point-in-time recovery of a DynamoDB table."""

from typing import Any

from components.borrowed_setting import BorrowedSetting


class ContinuousBackupsProvider(BorrowedSetting):
    """`enabled`, and how many days back one can go. Off and on again forgets everything before."""

    identity = ("region", "table")
    setting = ("enabled", "recoveryPeriodInDays")

    def current(self, props: dict[str, Any]) -> dict[str, Any] | None:
        """The table's point-in-time recovery."""
        client = _client(props)
        try:
            answer = client.describe_continuous_backups(TableName=props["table"])
        except (client.exceptions.TableNotFoundException, client.exceptions.ResourceNotFoundException):
            return None
        found = answer["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
        enabled = found.get("PointInTimeRecoveryStatus") == "ENABLED"
        return {"enabled": enabled, "recoveryPeriodInDays": found.get("RecoveryPeriodInDays", 35) if enabled else None}

    def apply(self, props: dict[str, Any], wanted: dict[str, Any]) -> None:
        """Switches it on with its window, or off."""
        specification: dict[str, Any] = {"PointInTimeRecoveryEnabled": bool(wanted["enabled"])}
        if wanted["enabled"] and wanted.get("recoveryPeriodInDays"):
            specification["RecoveryPeriodInDays"] = int(wanted["recoveryPeriodInDays"])
        _client(props).update_continuous_backups(
            TableName=props["table"], PointInTimeRecoverySpecification=specification
        )


def _client(props: dict[str, Any]) -> Any:
    import boto3

    return boto3.client("dynamodb", region_name=props["region"])
