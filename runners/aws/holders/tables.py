"""DynamoDB tables as holders of data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runners.aws.holders.patience import Patience
from runners.aws.session import Clients, call, calling
from runners.errors import AwsError
from runners.kept.holders import Look, counted
from runners.kept.kept import Kept


@dataclass(frozen=True)
class TableHolder:
    """A table goes with its items. One with point-in-time recovery leaves a free system backup of 35 days behind.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
    """

    clients: Clients
    patience: Patience

    def look(self, name: str) -> Look | None:
        """Items and bytes as DynamoDB counts them, every six hours.

        Raises:
            AwsError: it could not be asked.
        """
        table = self._table(name)
        if table is None:
            return None
        with calling("dynamodb:ListTagsOfResource", name):
            pages = self._dynamodb.get_paginator("list_tags_of_resource").paginate(ResourceArn=table["TableArn"])
            tags = {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}
        return Look(tags=tags, holds=f"about {counted(table['ItemCount'], 'item')}", size=table["TableSizeBytes"])

    def remove(self, held: Kept) -> str:
        """Lifts deletion protection, deletes, and waits until the table is gone.

        Raises:
            AwsError: AWS refused something.
            DeadlineError: the table is not gone in time.
        """
        name = held.name
        self.patience.until(f"table {name} ready to be deleted", lambda: self._status(name) != "UPDATING")
        table = self._table(name)
        if table is not None and table["TableStatus"] != "DELETING":
            if table.get("DeletionProtectionEnabled"):
                change = self._dynamodb.update_table
                call("dynamodb:UpdateTable", name, change, TableName=name, DeletionProtectionEnabled=False)
            self.patience.until(f"table {name} ready to be deleted", lambda: self._status(name) != "UPDATING")
            call("dynamodb:DeleteTable", name, self._dynamodb.delete_table, TableName=name)
        self.patience.until(f"the end of table {name}", lambda: self._table(name) is None)
        return ""

    def _status(self, name: str) -> str:
        return str((self._table(name) or {}).get("TableStatus", ""))

    def _table(self, name: str) -> Mapping[str, Any] | None:
        try:
            table: Mapping[str, Any] = call(
                "dynamodb:DescribeTable", name, self._dynamodb.describe_table, TableName=name
            )["Table"]
        except AwsError as error:
            if error.code == "ResourceNotFoundException":
                return None
            raise
        return table

    @property
    def _dynamodb(self) -> Any:
        return self.clients.client("dynamodb")
