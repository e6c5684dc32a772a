"""Puts settings back on a restored table, through boto3, one part at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from runners.aws.session import Clients, calling
from runners.backup.tables.table_description import TableDescription, policy_text, renamed
from runners.errors import AwsError

# What a table has already is refused, and is as it should be.
_ALREADY: Final = ("ValidationException", "ResourceInUseException")
# What application auto scaling tells of a policy and does not take.
_POLICY_TELLS: Final = (
    *("PolicyARN", "Alarms", "CreationTime", "ServiceNamespace", "ResourceId", "ScalableDimension"),
)
_ACTION_TELLS: Final = (*("ScheduledActionARN", "CreationTime", "ServiceNamespace", "ResourceId", "ScalableDimension"),)
_TIMES: Final = ("StartTime", "EndTime")
_DONE: Final = frozenset({"DISABLED", "DISABLING"})


@dataclass(frozen=True)
class AwsTableSettings:
    """Each part as the description of the source has it."""

    clients: Clients

    def put(self, table: str, part: str, wanted: TableDescription) -> None:
        """Puts one part on a table.

        Raises:
            AwsError: it was refused.
        """
        puts: Mapping[str, Callable[[str, TableDescription], None]] = {
            "table-class": self._put_class,
            "point-in-time-recovery": self._put_recovery,
            "throughput-limits": self._put_limits,
            "time-to-live": self._put_time_to_live,
            "stream": self._put_stream,
            "tags": self._put_tags,
            "autoscaling": self._put_scaling,
            "contributor-insights": self._put_insights,
            "kinesis-destinations": self._put_destinations,
            "resource-policy": self._put_policy,
            "deletion-protection": self._put_protection,
        }
        puts[part](table, wanted)

    def watching(self, table: str) -> Sequence[str]:
        """The alarms that watch a table by its name.

        Raises:
            AwsError: they could not be listed.
        """
        with calling("cloudwatch:DescribeAlarms", table):
            pages = list(self.clients.client("cloudwatch").get_paginator("describe_alarms").paginate())
        alarms = [alarm for page in pages for alarm in page.get("MetricAlarms", [])]
        return sorted(alarm["AlarmName"] for alarm in alarms if table in _tables_of(alarm))

    def _put_class(self, table: str, wanted: TableDescription) -> None:
        summary = wanted.answers["Table"].get("TableClassSummary", {})
        self._update(table, TableClass=summary.get("TableClass", "STANDARD"))

    def _put_recovery(self, table: str, wanted: TableDescription) -> None:
        about = wanted.answers["ContinuousBackups"]["PointInTimeRecoveryDescription"]
        # A window that was not told is the one that AWS gives when it is not asked for.
        days = {name: about[name] for name in ("RecoveryPeriodInDays",) if about.get(name)}
        spec = {"PointInTimeRecoveryEnabled": True, **days}
        with calling("dynamodb:UpdateContinuousBackups", table):
            self._dynamodb.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=spec)

    def _put_limits(self, table: str, wanted: TableDescription) -> None:
        told = wanted.answers["Table"]
        indexes = [
            {"Update": {"IndexName": index["IndexName"], "OnDemandThroughput": index["OnDemandThroughput"]}}
            for index in told.get("GlobalSecondaryIndexes", [])
            if index.get("OnDemandThroughput")
        ]
        own = {"OnDemandThroughput": told["OnDemandThroughput"]} if told.get("OnDemandThroughput") else {}
        more = {"GlobalSecondaryIndexUpdates": indexes} if indexes else {}
        self._update(table, **own, **more)

    def _put_time_to_live(self, table: str, wanted: TableDescription) -> None:
        attribute = wanted.answers["TimeToLive"]["AttributeName"]
        with calling("dynamodb:DescribeTimeToLive", table):
            held = self._dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        if held.get("AttributeName") == attribute and held.get("TimeToLiveStatus") not in _DONE:
            return
        spec = {"Enabled": True, "AttributeName": attribute}
        with calling("dynamodb:UpdateTimeToLive", table):
            self._dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=spec)

    def _put_stream(self, table: str, wanted: TableDescription) -> None:
        kind = wanted.answers["Table"]["StreamSpecification"]["StreamViewType"]
        try:
            self._update(table, StreamSpecification={"StreamEnabled": True, "StreamViewType": kind})
        except AwsError as error:
            held = self._described(table).get("StreamSpecification", {})
            if error.code not in _ALREADY or held.get("StreamViewType") != kind:
                raise

    def _put_tags(self, table: str, wanted: TableDescription) -> None:
        arn = self._described(table)["TableArn"]
        with calling("dynamodb:TagResource", arn):
            self._dynamodb.tag_resource(ResourceArn=arn, Tags=wanted.answers["Tags"])

    def _put_protection(self, table: str, _: TableDescription) -> None:
        self._update(table, DeletionProtectionEnabled=True)

    def _put_policy(self, table: str, wanted: TableDescription) -> None:
        arn = self._described(table)["TableArn"]
        policy = policy_text(wanted.answers["ResourcePolicy"], wanted.arn, arn)
        with calling("dynamodb:PutResourcePolicy", table):
            self._dynamodb.put_resource_policy(ResourceArn=arn, Policy=policy)

    def _put_insights(self, table: str, wanted: TableDescription) -> None:
        for held in wanted.answers["ContributorInsights"]:
            if held.get("ContributorInsightsStatus", "DISABLED") in _DONE:
                continue
            asked = {"TableName": table, "ContributorInsightsAction": "ENABLE"}
            asked |= {"IndexName": held["IndexName"]} if held["IndexName"] != "table" else {}
            mode = held.get("ContributorInsightsMode")
            asked |= {"ContributorInsightsMode": mode} if mode else {}
            with calling("dynamodb:UpdateContributorInsights", table):
                self._dynamodb.update_contributor_insights(**asked)

    def _put_destinations(self, table: str, wanted: TableDescription) -> None:
        with calling("dynamodb:DescribeKinesisStreamingDestination", table):
            answer = self._dynamodb.describe_kinesis_streaming_destination(TableName=table)
        there = {held["StreamArn"] for held in answer["KinesisDataStreamDestinations"] if not _is_off(held)}
        for held in wanted.answers["KinesisDestinations"]:
            if _is_off(held) or held["StreamArn"] in there:
                continue
            precision = held.get("ApproximateCreationDateTimePrecision")
            more = (
                {"EnableKinesisStreamingConfiguration": {"ApproximateCreationDateTimePrecision": precision}}
                if precision
                else {}
            )
            with calling("dynamodb:EnableKinesisStreamingDestination", table):
                self._dynamodb.enable_kinesis_streaming_destination(
                    TableName=table, StreamArn=held["StreamArn"], **more
                )

    def _put_scaling(self, table: str, wanted: TableDescription) -> None:
        client = self.clients.client("application-autoscaling")
        for target in wanted.answers.get("ScalableTargets", []):
            where = _where(target, wanted.table, table)
            bounds: dict[str, Any] = {"MinCapacity": target["MinCapacity"], "MaxCapacity": target["MaxCapacity"]}
            paused: dict[str, Any] = (
                {"SuspendedState": target["SuspendedState"]} if target.get("SuspendedState") else {}
            )
            with calling("application-autoscaling:RegisterScalableTarget", where["ResourceId"]):
                client.register_scalable_target(**where, **bounds, **paused)
        for policy in wanted.answers.get("ScalingPolicies", []):
            where = _where(policy, wanted.table, table)
            kept = renamed(_without(policy, _POLICY_TELLS), wanted.table, table)
            with calling("application-autoscaling:PutScalingPolicy", where["ResourceId"]):
                client.put_scaling_policy(**where, **kept)
        for action in wanted.answers.get("ScheduledActions", []):
            where = _where(action, wanted.table, table)
            with calling("application-autoscaling:PutScheduledAction", where["ResourceId"]):
                client.put_scheduled_action(**where, **dict(_timed(_without(action, _ACTION_TELLS))))

    def _update(self, table: str, **change: Any) -> None:
        with calling("dynamodb:UpdateTable", table):
            self._dynamodb.update_table(TableName=table, **change)

    def _described(self, table: str) -> Mapping[str, Any]:
        with calling("dynamodb:DescribeTable", table):
            found: Mapping[str, Any] = self._dynamodb.describe_table(TableName=table)["Table"]
        return found

    @property
    def _dynamodb(self) -> Any:
        return self.clients.client("dynamodb")


def _is_off(destination: Mapping[str, Any]) -> bool:
    return destination.get("DestinationStatus") in _DONE


def _where(held: Mapping[str, Any], source: str, table: str) -> dict[str, Any]:
    """The same of another table: the table itself, or its index."""
    return {
        "ServiceNamespace": "dynamodb",
        "ResourceId": f"table/{table}" + held["ResourceId"].removeprefix(f"table/{source}"),
        "ScalableDimension": held["ScalableDimension"],
    }


def _without(held: Mapping[str, Any], tells: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in held.items() if name not in tells and value not in (None, "", {})}


def _timed(action: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Botocore wants times as times."""
    for name, value in action.items():
        yield name, datetime.fromisoformat(value).astimezone(UTC) if name in _TIMES else value


def _tables_of(alarm: Mapping[str, Any]) -> set[str]:
    stats = [query["MetricStat"]["Metric"] for query in alarm.get("Metrics", []) if "MetricStat" in query]
    return {
        dimension["Value"]
        for metric in [alarm, *stats]
        for dimension in metric.get("Dimensions", [])
        if dimension["Name"] == "TableName"
    }
