"""CloudWatch log groups as holders of data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runners.aws.session import Clients, call, calling
from runners.errors import AwsError
from runners.kept.holders import Look
from runners.kept.kept import Kept


@dataclass(frozen=True)
class LogGroupHolder:
    """A log group goes with its events; nothing protects it."""

    clients: Clients

    def look(self, name: str) -> Look | None:
        """Its stored bytes.

        Raises:
            AwsError: it could not be asked.
        """
        group = self._group(name)
        if group is None:
            return None
        arn = str(group["arn"]).removesuffix(":*")
        tags = call("logs:ListTagsForResource", name, self._logs.list_tags_for_resource, resourceArn=arn)["tags"]
        return Look(tags=tags, holds="log events", size=group.get("storedBytes"))

    def remove(self, held: Kept) -> str:
        """Deletes it.

        Raises:
            AwsError: AWS refused it.
        """
        try:
            call("logs:DeleteLogGroup", held.name, self._logs.delete_log_group, logGroupName=held.name)
        except AwsError as error:
            if error.code != "ResourceNotFoundException":
                raise
        return ""

    def _group(self, name: str) -> Mapping[str, Any] | None:
        with calling("logs:DescribeLogGroups", name):
            pages = self._logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=name)
            found = [group for page in pages for group in page["logGroups"]]
        return next((group for group in found if group["logGroupName"] == name), None)

    @property
    def _logs(self) -> Any:
        return self.clients.client("logs")
