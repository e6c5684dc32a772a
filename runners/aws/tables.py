"""DynamoDB through boto3."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from runners.aws.session import Clients, calling
from runners.backup.tables.pace import UNIT_BYTES, Pace
from runners.backup.tables.reading import ON_DEMAND
from runners.backup.tables.table_description import TableDescription
from runners.backup.tables.tables import Item, PageReader, Read, RestoreWindow, T, TableShape
from runners.errors import AwsError

_MISSING: Final = "ResourceNotFoundException"
_IN_USE: Final = "ResourceInUseException"
_NOT_MET: Final = "ConditionalCheckFailedException"


@dataclass(frozen=True)
class AwsTables:
    """Every method is one or two calls."""

    clients: Clients

    def shape(self, name: str) -> TableShape | None:
        """What the table is, None if there is none.

        Raises:
            AwsError: it could not be described.
        """
        try:
            return _shape(self._call("DescribeTable", name, lambda c: c.describe_table(TableName=name))["Table"])
        except AwsError as error:
            if error.code == _MISSING:
                return None
            raise

    def window(self, name: str) -> RestoreWindow:
        """How far back it can be restored.

        Raises:
            AwsError: it could not be asked.
        """
        found = self._call("DescribeContinuousBackups", name, lambda c: c.describe_continuous_backups(TableName=name))
        about = found["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
        return RestoreWindow(
            enabled=about.get("PointInTimeRecoveryStatus") == "ENABLED",
            earliest=about.get("EarliestRestorableDateTime"),
            latest=about.get("LatestRestorableDateTime"),
            days=about.get("RecoveryPeriodInDays"),
        )

    def describe(self, name: str) -> TableDescription:
        """Everything that AWS tells of its settings.

        Raises:
            AwsError: something could not be asked, for another reason than that it is not known or not allowed.
        """
        from runners.aws.table_descriptions import AwsTableDescriptions

        return AwsTableDescriptions(self.clients).describe(name)

    def put(self, name: str, item: Item, *, key: str, over: Item) -> bool:
        """Writes one item, if no other has its key or that one has the attributes of `over`; False if not.

        `key` names an attribute of the table's key.

        Raises:
            AwsError: it could not be written.
        """
        condition = _condition(key, over)
        return self._if_met("PutItem", name, lambda c: c.put_item(TableName=name, Item=item, **condition))

    def get(self, name: str, key: Item) -> Item | None:
        """Reads one item.

        Raises:
            AwsError: it could not be read.
        """
        found = self._call("GetItem", name, lambda c: c.get_item(TableName=name, Key=key, ConsistentRead=True))
        item: Item | None = found.get("Item")
        return item

    def delete_item(self, name: str, key: Item, *, only: Item) -> bool:
        """Deletes one item, if it has the attributes of `only`; False if not. One that is not there is no fault.

        Raises:
            AwsError: it could not be deleted.
        """
        condition = _condition(next(iter(key)), only)
        return self._if_met("DeleteItem", name, lambda c: c.delete_item(TableName=name, Key=key, **condition))

    def read(self, name: str, segment: int, segments: int, reader: PageReader[T], pace: Pace) -> Iterator[Read[T]]:
        """What a reader makes of each page of one of so many segments, as read consistently.

        Raises:
            AwsError: they could not be read.
            DeadlineError: they could not be read in the time that the pace has.
        """
        asked = {
            "TableName": name,
            "Segment": segment,
            "TotalSegments": segments,
            "ConsistentRead": True,
            "ReturnConsumedCapacity": "TOTAL",
        }
        start: dict[str, Any] = {}
        client = self.clients.whole_pages()
        while True:
            permit = pace.permit()
            limit = {} if permit.limit is None else {"Limit": permit.limit}
            with calling("dynamodb:Scan", name):
                body = client.scan(**asked, **limit, **start)["Body"]
            page = reader(body)
            # An answer that does not tell what it cost cost at least what its text takes.
            units = math.ceil(len(body) / UNIT_BYTES) if page.units is None else page.units
            pace.spent(permit, page.items, units, len(body))
            yield page
            if not page.after:
                return
            start = {"ExclusiveStartKey": _as_asked(page.after)}

    def restore(self, source: str, target: str, at: datetime) -> None:
        """Begins to restore the source's items of a time to a new table.

        Raises:
            AwsError: it was refused.
        """
        self._call(
            "RestoreTableToPointInTime",
            source,
            lambda c: c.restore_table_to_point_in_time(
                SourceTableName=source, TargetTableName=target, RestoreDateTime=at
            ),
        )

    def tag(self, arn: str, tags: Mapping[str, str]) -> None:
        """Tags a table.

        Raises:
            AwsError: it was refused.
        """
        listed = [{"Key": key, "Value": value} for key, value in tags.items()]
        self._call("TagResource", arn, lambda c: c.tag_resource(ResourceArn=arn, Tags=listed))

    def delete(self, name: str) -> bool:
        """Begins to delete a table; False when it cannot be deleted yet. One that is not there is no fault.

        Raises:
            AwsError: it was refused.
        """
        try:
            self._call("DeleteTable", name, lambda c: c.delete_table(TableName=name))
        except AwsError as error:
            if error.code not in (_MISSING, _IN_USE):
                raise
            return error.code == _MISSING
        return True

    def _if_met(self, operation: str, name: str, ask: Callable[[Any], Any]) -> bool:
        try:
            self._call(operation, name, ask)
        except AwsError as error:
            if error.code != _NOT_MET:
                raise
            return False
        return True

    def _call(self, operation: str, resource: str, ask: Callable[[Any], Any]) -> Any:
        with calling(f"dynamodb:{operation}", resource):
            return ask(self.clients.client("dynamodb"))


def _as_asked(key: Item) -> dict[str, Any]:
    """A key as boto3 wants it: what stands in an answer as base64 text is encoded again when it is sent."""
    return {
        name: {kind: base64.b64decode(held) if kind == "B" else held for kind, held in value.items()}
        for name, value in key.items()
    }


def _condition(key: str, held: Item) -> dict[str, Any]:
    """No item, or one that has these attributes: nothing of somebody else's is overwritten or deleted."""
    names = {f"#n{number}": attribute for number, attribute in enumerate(held)}
    values = {f":v{number}": value for number, value in enumerate(held.values())}
    same = " AND ".join(f"{left} = {right}" for left, right in zip(names, values, strict=True))
    return {
        "ConditionExpression": f"attribute_not_exists(#key) OR ({same})",
        "ExpressionAttributeNames": names | {"#key": key},
        "ExpressionAttributeValues": values,
    }


def _shape(found: Mapping[str, Any]) -> TableShape:
    billing = found.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
    summary, capacity = found.get("RestoreSummary", {}), found.get("ProvisionedThroughput", {})
    return TableShape(
        name=found["TableName"],
        arn=found["TableArn"],
        status=found["TableStatus"],
        keys=_keys(found["KeySchema"]),
        attributes={held["AttributeName"]: held["AttributeType"] for held in found["AttributeDefinitions"]},
        billing=billing,
        capacity=(0, 0)
        if billing == ON_DEMAND
        else (int(capacity.get("ReadCapacityUnits", 0)), int(capacity.get("WriteCapacityUnits", 0))),
        deletion_protection=bool(found.get("DeletionProtectionEnabled")),
        size_bytes=int(found.get("TableSizeBytes", 0)),
        created=found["CreationDateTime"],
        items=int(found.get("ItemCount", 0)),
        most_read_units=_limit(found.get("OnDemandThroughput", {}).get("MaxReadRequestUnits")),
        restored_from=summary.get("SourceTableArn"),
        restoring=bool(summary.get("RestoreInProgress")),
    )


def _limit(units: int | None) -> int | None:
    """AWS says -1 where there is no limit (API reference, OnDemandThroughput)."""
    return units if units is not None and units > 0 else None


def _keys(schema: list[Mapping[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(((held["AttributeName"], held["KeyType"]) for held in schema), key=lambda pair: pair[1]))
