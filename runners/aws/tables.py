"""DynamoDB through boto3."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from runners.aws.session import Clients, calling
from runners.backup.tables import Index, Item, Losses, PageReader, RestoreWindow, T, TableShape
from runners.errors import AwsError

_MISSING: Final = "ResourceNotFoundException"
_IN_USE: Final = "ResourceInUseException"
_ON_DEMAND: Final = "PAY_PER_REQUEST"


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

    def losses(self, name: str) -> Losses:
        """What a restore of the table would lose.

        Raises:
            AwsError: something could not be asked.
        """
        shape = _shape(self._call("DescribeTable", name, lambda c: c.describe_table(TableName=name))["Table"])
        ttl = self._call("DescribeTimeToLive", name, lambda c: c.describe_time_to_live(TableName=name))
        tags = self._call("ListTagsOfResource", name, lambda c: c.list_tags_of_resource(ResourceArn=shape.arn))
        window = self.window(name)
        about = ttl["TimeToLiveDescription"]
        on = about.get("TimeToLiveStatus") in ("ENABLED", "ENABLING")
        return Losses(
            time_to_live=about.get("AttributeName") if on else None,
            stream=shape.stream,
            tags={tag["Key"]: tag["Value"] for tag in tags["Tags"] if not tag["Key"].startswith("aws:")},
            recovery_days=window.days if window.enabled else None,
            deletion_protection=shape.deletion_protection,
            scaled=() if shape.billing == _ON_DEMAND else self._scaled(name),
        )

    def put(self, name: str, item: Item) -> None:
        """Writes one item.

        Raises:
            AwsError: it could not be written.
        """
        self._call("PutItem", name, lambda c: c.put_item(TableName=name, Item=item))

    def get(self, name: str, key: Item) -> Item | None:
        """Reads one item.

        Raises:
            AwsError: it could not be read.
        """
        found = self._call("GetItem", name, lambda c: c.get_item(TableName=name, Key=key, ConsistentRead=True))
        item: Item | None = found.get("Item")
        return item

    def delete_item(self, name: str, key: Item) -> None:
        """Deletes one item; one that is not there is no fault.

        Raises:
            AwsError: it could not be deleted.
        """
        self._call("DeleteItem", name, lambda c: c.delete_item(TableName=name, Key=key))

    def pages(self, name: str, segment: int, segments: int) -> Iterator[list[dict[str, Any]]]:
        """The items of one of so many segments, page by page, as read consistently.

        Raises:
            AwsError: they could not be read.
        """
        return self.read(name, segment, segments, _items)

    def read(self, name: str, segment: int, segments: int, reader: PageReader[T]) -> Iterator[T]:
        """What a reader makes of each page of one of so many segments, as read consistently.

        Raises:
            AwsError: they could not be read.
        """
        asked = {"TableName": name, "Segment": segment, "TotalSegments": segments, "ConsistentRead": True}
        start: dict[str, Any] = {}
        client = self.clients.whole_pages()
        while True:
            with calling("dynamodb:Scan", name):
                answer = client.scan(**asked, **start)
            page, after = reader(answer["Body"])
            yield page
            if not after:
                return
            start = {"ExclusiveStartKey": after}

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

    def _scaled(self, name: str) -> tuple[str, ...]:
        with calling("application-autoscaling:DescribeScalableTargets", name):
            found = self.clients.client("application-autoscaling").describe_scalable_targets(
                ServiceNamespace="dynamodb", ResourceIds=[f"table/{name}"]
            )
        return tuple(sorted(target["ScalableDimension"] for target in found["ScalableTargets"]))

    def _call(self, operation: str, resource: str, ask: Callable[[Any], Any]) -> Any:
        with calling(f"dynamodb:{operation}", resource):
            return ask(self.clients.client("dynamodb"))


def _items(body: bytes) -> tuple[list[dict[str, Any]], Item | None]:
    page = json.loads(body)
    return page["Items"], page.get("LastEvaluatedKey")


def _shape(found: Mapping[str, Any]) -> TableShape:
    billing = found.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
    summary, stream = found.get("RestoreSummary", {}), found.get("StreamSpecification", {})
    encrypted, capacity = found.get("SSEDescription", {}), found.get("ProvisionedThroughput", {})
    return TableShape(
        name=found["TableName"],
        arn=found["TableArn"],
        status=found["TableStatus"],
        keys=_keys(found["KeySchema"]),
        attributes={held["AttributeName"]: held["AttributeType"] for held in found["AttributeDefinitions"]},
        global_indexes=_indexes(found.get("GlobalSecondaryIndexes", [])),
        local_indexes=_indexes(found.get("LocalSecondaryIndexes", [])),
        billing=billing,
        capacity=(0, 0)
        if billing == _ON_DEMAND
        else (int(capacity.get("ReadCapacityUnits", 0)), int(capacity.get("WriteCapacityUnits", 0))),
        encryption=f"{encrypted['SSEType']} {encrypted.get('KMSMasterKeyArn', '')}".strip()
        if encrypted.get("Status") in ("ENABLED", "ENABLING", "UPDATING")
        else "owned by DynamoDB",
        table_class=found.get("TableClassSummary", {}).get("TableClass", "STANDARD"),
        stream=stream.get("StreamViewType") if stream.get("StreamEnabled") else None,
        deletion_protection=bool(found.get("DeletionProtectionEnabled")),
        size_bytes=int(found.get("TableSizeBytes", 0)),
        created=found["CreationDateTime"],
        restored_from=summary.get("SourceTableArn"),
        restored_at=summary.get("RestoreDateTime"),
        restoring=bool(summary.get("RestoreInProgress")),
    )


def _keys(schema: list[Mapping[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(((held["AttributeName"], held["KeyType"]) for held in schema), key=lambda pair: pair[1]))


def _indexes(found: list[Mapping[str, Any]]) -> dict[str, Index]:
    return {
        index["IndexName"]: Index(
            keys=_keys(index["KeySchema"]),
            projection=index["Projection"]["ProjectionType"],
            included=tuple(sorted(index["Projection"].get("NonKeyAttributes", []))),
        )
        for index in found
    }
