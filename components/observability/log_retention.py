"""The retention of a log group that others own."""

import pulumi
from pulumi.dynamic import Resource

from components.observability.log_retention_provider import LogRetentionProvider


class LogRetention(Resource, module="observability", name="LogRetention"):
    """Sets how many days a log group keeps what is written; 0 means for ever."""

    def __init__(
        self,
        name: str,
        *,
        log_group: pulumi.Input[str],
        days: int,
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        props = {"logGroup": log_group, "retentionInDays": days, "region": region}
        super().__init__(LogRetentionProvider(), name, props, opts)
