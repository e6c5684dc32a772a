"""Reads and writes the retention of a log group."""

from typing import Any

from components.borrowed_setting import BorrowedSetting


class LogRetentionProvider(BorrowedSetting):
    """`retentionInDays`; 0 means kept for ever."""

    identity = ("region", "logGroup")
    setting = ("retentionInDays",)

    def current(self, props: dict[str, Any]) -> dict[str, Any] | None:
        """The log group's retention."""
        found = _client(props).describe_log_groups(logGroupNamePrefix=props["logGroup"])["logGroups"]
        return next(
            ({"retentionInDays": group.get("retentionInDays", 0)} for group in found if _is(group, props)), None
        )

    def apply(self, props: dict[str, Any], wanted: dict[str, Any]) -> None:
        """Sets the retention, or takes it away."""
        days = int(wanted["retentionInDays"])
        if days:
            _client(props).put_retention_policy(logGroupName=props["logGroup"], retentionInDays=days)
        else:
            _client(props).delete_retention_policy(logGroupName=props["logGroup"])


def _is(group: Any, props: dict[str, Any]) -> bool:
    return bool(group["logGroupName"] == props["logGroup"])


def _client(props: dict[str, Any]) -> Any:
    import boto3

    return boto3.client("logs", region_name=props["region"])
