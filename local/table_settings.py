"""Settings of tables that moto lacks: Kinesis destinations, Contributor Insights, the class, limits on demand.

Shapes and refusals as in the API reference: EnableKinesisStreamingDestination, DescribeContributorInsights,
OnDemandThroughput. What is asked for is at once; AWS says ENABLING for a while.
"""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from local.table_scan import text_of

if TYPE_CHECKING:
    from moto.core.responses import ActionResult
    from moto.dynamodb.models.table import Table
    from moto.dynamodb.responses import DynamoHandler

_DESTINATIONS: Final = "ial_destinations"
_INSIGHTS: Final = "ial_insights"
_CLASS: Final = "ial_table_class"
_LIMITS: Final = "ial_limits"
_SAMPLE: Final = 20
_MODE: Final = "ACCESSED_AND_THROTTLED_KEYS"


def keep_table_settings() -> None:
    """Teaches moto's DynamoDB these settings."""
    from moto.dynamodb.models.table import Table
    from moto.dynamodb.responses import DynamoHandler

    handlers: Any = DynamoHandler
    handlers.enable_kinesis_streaming_destination = _enable_destination
    handlers.disable_kinesis_streaming_destination = _disable_destination
    handlers.describe_kinesis_streaming_destination = _describe_destinations
    handlers.update_contributor_insights = _update_insights
    handlers.describe_contributor_insights = _describe_insights
    handlers.create_table = _noting(handlers.create_table)
    handlers.update_table = _noting(handlers.update_table)
    tables: Any = Table
    tables.describe = _describing(tables.describe)


def inherit(source: Table, restored: Table) -> None:
    """What a restore brings back of these."""
    held = vars(source)
    if _CLASS in held:
        vars(restored)[_CLASS] = held[_CLASS]


def _result(document: dict[str, Any]) -> ActionResult:
    from moto.core.responses import ActionResult

    return ActionResult(document)


def _refused(code: str, message: str) -> Exception:
    from moto.core.exceptions import JsonRESTError

    return JsonRESTError(f"com.amazonaws.dynamodb.v20120810#{code}", message)


def _table(handler: DynamoHandler) -> Table:
    table: Table = handler.dynamodb_backend.get_table(handler.body["TableName"])
    return table


def _enable_destination(handler: DynamoHandler) -> ActionResult:
    table, arn = _table(handler), handler.body["StreamArn"]
    held: dict[str, Any] = vars(table).setdefault(_DESTINATIONS, {})
    if held.get(arn, {}).get("DestinationStatus") == "ACTIVE":
        raise _refused("ResourceInUseException", f"Table {table.name} already streams to {arn}")
    _require_stream(table, arn)
    asked = handler.body.get("EnableKinesisStreamingConfiguration", {})
    held[arn] = {"StreamArn": arn, "DestinationStatus": "ACTIVE", **asked}
    return _result(
        {
            "TableName": table.name,
            "StreamArn": arn,
            "DestinationStatus": "ENABLING",
            "EnableKinesisStreamingConfiguration": asked,
        }
    )


def _require_stream(table: Table, arn: str) -> None:
    from moto.kinesis.models import kinesis_backends

    streams = kinesis_backends[table.account_id][table.region_name].streams.values()
    if not any(stream.arn == arn for stream in streams):
        raise _refused("ResourceNotFoundException", f"Stream {arn} is not found")


def _disable_destination(handler: DynamoHandler) -> ActionResult:
    table, arn = _table(handler), handler.body["StreamArn"]
    held: dict[str, Any] = vars(table).get(_DESTINATIONS, {})
    if held.get(arn, {}).get("DestinationStatus") != "ACTIVE":
        raise _refused("ResourceNotFoundException", f"Table {table.name} does not stream to {arn}")
    held[arn]["DestinationStatus"] = "DISABLED"
    return _result({"TableName": table.name, "StreamArn": arn, "DestinationStatus": "DISABLING"})


def _describe_destinations(handler: DynamoHandler) -> ActionResult:
    table = _table(handler)
    held = list(vars(table).get(_DESTINATIONS, {}).values())
    return _result({"TableName": table.name, "KinesisDataStreamDestinations": held})


def _index(handler: DynamoHandler, table: Table) -> dict[str, str]:
    name = handler.body.get("IndexName")
    if name and not any(index.name == name for index in table.global_indexes):
        raise _refused("ResourceNotFoundException", f"Index {name} of table {table.name} is not found")
    return {"IndexName": name} if name else {}


def _update_insights(handler: DynamoHandler) -> ActionResult:
    table = _table(handler)
    index, on = _index(handler, table), handler.body["ContributorInsightsAction"] == "ENABLE"
    mode = handler.body.get("ContributorInsightsMode", _MODE)
    told = {"ContributorInsightsStatus": "ENABLED" if on else "DISABLED", "ContributorInsightsMode": mode}
    vars(table).setdefault(_INSIGHTS, {})[index.get("IndexName")] = told | {"LastUpdateDateTime": time.time()}
    return _result(
        {"TableName": table.name, **index, **told, "ContributorInsightsStatus": f"{'EN' if on else 'DIS'}ABLING"}
    )


def _describe_insights(handler: DynamoHandler) -> ActionResult:
    table = _table(handler)
    index = _index(handler, table)
    off = {"ContributorInsightsStatus": "DISABLED", "ContributorInsightsRuleList": []}
    held = vars(table).get(_INSIGHTS, {}).get(index.get("IndexName"), off)
    return _result({"TableName": table.name, **index, **held})


def _noting(plain: Any) -> Any:
    def noting(handler: DynamoHandler) -> ActionResult:
        body = handler.body
        wanted = body.get("OnDemandThroughput")
        changes = body.get("GlobalSecondaryIndexUpdates") or []
        # moto knows no limits, and takes such an update for one of the units.
        kept = [change for change in changes if "OnDemandThroughput" not in change.get("Update", {})]
        if len(kept) != len(changes):
            body["GlobalSecondaryIndexUpdates"] = kept
        answer: ActionResult = plain(handler)
        table = _table(handler)
        if body.get("TableClass"):
            vars(table)[_CLASS] = body["TableClass"]
        indexes = body.get("GlobalSecondaryIndexes") or [change["Update"] for change in changes if "Update" in change]
        limits = {
            index["IndexName"]: index["OnDemandThroughput"] for index in indexes if index.get("OnDemandThroughput")
        }
        limits |= {None: wanted} if wanted else {}
        if limits and table.billing_mode != "PAY_PER_REQUEST":
            raise _refused("ValidationException", "OnDemandThroughput is for tables with billing mode PAY_PER_REQUEST")
        vars(table).setdefault(_LIMITS, {}).update(limits)
        return answer

    return noting


def _size(table: Table) -> int:
    """As large as if all items were like the first ones: AWS's own figure is up to six hours old."""
    first = list(islice(table.all_items(), _SAMPLE))
    return sum(len(text_of(item)) for item in first) * len(table) // max(1, len(first))


def _describing(plain: Any) -> Any:
    def describe(table: Table, base_key: str = "TableDescription") -> dict[str, Any]:
        told: dict[str, Any] = plain(table, base_key=base_key)
        about, limits = told[base_key], vars(table).get(_LIMITS, {})
        about["TableSizeBytes"] = _size(table)
        if _CLASS in vars(table):
            about["TableClassSummary"] = {"TableClass": vars(table)[_CLASS]}
        if None in limits:
            about["OnDemandThroughput"] = limits[None]
        for index in about["GlobalSecondaryIndexes"]:
            if index["IndexName"] in limits:
                index["OnDemandThroughput"] = limits[index["IndexName"]]
        return told

    return describe
