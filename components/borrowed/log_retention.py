"""The retention of a log group that others own."""

from typing import Any

import pulumi
from pulumi.dynamic import Resource

from components.borrowed.borrowed_setting import BorrowedSetting
from components.borrowed.decision import Value
from components.place import Place


class LogRetentionProvider(BorrowedSetting):
    """Days; 0 is for ever and the longest. CloudWatch Logs deletes what is older for good (API_PutRetentionPolicy)."""

    service, kind, named = "logs", "log group", "retention"
    identity = ("region", "logGroup")
    setting = ("retentionInDays", "shorten")

    def current(self, props: dict[str, Any]) -> Value | None:
        """The log group's retention."""
        pages = self.client(props).get_paginator("describe_log_groups").paginate(logGroupNamePrefix=props["logGroup"])
        for page in pages:
            for group in page["logGroups"]:
                if group["logGroupName"] == props["logGroup"]:
                    return group.get("retentionInDays", 0)
        return None

    def wanted(self, props: dict[str, Any]) -> Value:
        """Days."""
        return int(props["retentionInDays"])

    def strongest(self, props: dict[str, Any], found: Value) -> Value:
        """The longer one."""
        wanted = int(props["retentionInDays"])
        if props.get("shorten"):
            return wanted
        return 0 if 0 in (found, wanted) else max(int(found), wanted)

    def apply(self, props: dict[str, Any], value: Value) -> None:
        """Sets the retention, or takes it away."""
        if value:
            self.client(props).put_retention_policy(logGroupName=props["logGroup"], retentionInDays=int(value))
        else:
            self.client(props).delete_retention_policy(logGroupName=props["logGroup"])

    def told(self, value: Value) -> str:
        """Days, or for ever."""
        return f"{int(value)} days" if value else "for ever"


class LogRetention(Resource, module="observability", name="LogRetention"):
    """Makes a log group keep what is written for at least so many days; 0 means for ever."""

    def __init__(
        self,
        name: str,
        *,
        place: Place,
        log_group: pulumi.Input[str],
        days: int,
        shorten: bool = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        props = {**place.borrowing(), "logGroup": log_group, "retentionInDays": days, "shorten": shorten}
        super().__init__(LogRetentionProvider(), name, props, opts)
