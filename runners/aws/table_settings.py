"""The settings of tables through boto3."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from runners.aws.session import Clients, calling
from runners.aws.tables import AwsTables
from runners.backup.table_settings import Scaling, TableSettings
from runners.errors import AwsError

# A policy names its table by ARN; on another table it must name that one.
_ITSELF: Final = "arn:the-table"
_NO_POLICY: Final = "PolicyNotFoundException"
# The stream and the time to live of a table that has them already are refused, and are as they should be.
_ALREADY: Final = ("ValidationException", "ResourceInUseException")
_POLICY_KEYS: Final = ("PolicyName", "PolicyType", "TargetTrackingScalingPolicyConfiguration")


@dataclass(frozen=True)
class AwsTableSettings:
    """Puts one part at a time."""

    clients: Clients

    def read(self, table: str) -> TableSettings:
        """The settings of a table.

        Raises:
            AwsError: they could not be read.
        """
        lost = AwsTables(self.clients).losses(table)
        return TableSettings(
            time_to_live=lost.time_to_live,
            stream=lost.stream,
            tags={key: value for key, value in lost.tags.items() if not key.startswith("ial:")},
            recovery_days=lost.recovery_days,
            deletion_protection=lost.deletion_protection,
            scaling=tuple(self._scaling(table)) if lost.scaled else (),
            resource_policy=self._policy(table),
        )

    def put(self, table: str, part: str, settings: TableSettings) -> None:
        """Puts one part on a table.

        Raises:
            AwsError: it was refused.
        """
        puts: Mapping[str, Callable[[str, TableSettings], None]] = {
            "point-in-time-recovery": self._put_recovery,
            "time-to-live": self._put_time_to_live,
            "stream": self._put_stream,
            "tags": self._put_tags,
            "autoscaling": self._put_scaling,
            "resource-policy": self._put_policy,
            "deletion-protection": self._put_protection,
        }
        puts[part](table, settings)

    def watching(self, table: str) -> Sequence[str]:
        """The alarms that watch a table by its name.

        Raises:
            AwsError: they could not be listed.
        """
        with calling("cloudwatch:DescribeAlarms", table):
            pages = list(self.clients.client("cloudwatch").get_paginator("describe_alarms").paginate())
        alarms = [alarm for page in pages for alarm in page.get("MetricAlarms", [])]
        return sorted(alarm["AlarmName"] for alarm in alarms if table in _tables_of(alarm))

    def _put_recovery(self, table: str, settings: TableSettings) -> None:
        spec = {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": settings.recovery_days}
        with calling("dynamodb:UpdateContinuousBackups", table):
            self._dynamodb.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=spec)

    def _put_time_to_live(self, table: str, settings: TableSettings) -> None:
        if AwsTables(self.clients).losses(table).time_to_live == settings.time_to_live:
            return
        spec = {"Enabled": True, "AttributeName": settings.time_to_live}
        with calling("dynamodb:UpdateTimeToLive", table):
            self._dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=spec)

    def _put_stream(self, table: str, settings: TableSettings) -> None:
        spec = {"StreamEnabled": True, "StreamViewType": settings.stream}
        try:
            with calling("dynamodb:UpdateTable", table):
                self._dynamodb.update_table(TableName=table, StreamSpecification=spec)
        except AwsError as error:
            shape = AwsTables(self.clients).shape(table)
            if error.code not in _ALREADY or shape is None or shape.stream != settings.stream:
                raise

    def _put_tags(self, table: str, settings: TableSettings) -> None:
        AwsTables(self.clients).tag(self._arn(table), settings.tags)

    def _put_protection(self, table: str, _: TableSettings) -> None:
        with calling("dynamodb:UpdateTable", table):
            self._dynamodb.update_table(TableName=table, DeletionProtectionEnabled=True)

    def _put_policy(self, table: str, settings: TableSettings) -> None:
        arn = self._arn(table)
        policy = str(settings.resource_policy).replace(_ITSELF, arn)
        with calling("dynamodb:PutResourcePolicy", table):
            self._dynamodb.put_resource_policy(ResourceArn=arn, Policy=policy)

    def _put_scaling(self, table: str, settings: TableSettings) -> None:
        client = self.clients.client("application-autoscaling")
        for held in settings.scaling:
            resource = f"table/{table}" + (f"/index/{held.index}" if held.index else "")
            where = {
                "ServiceNamespace": "dynamodb",
                "ResourceId": resource,
                "ScalableDimension": held.dimension,
            }
            with calling("application-autoscaling:RegisterScalableTarget", resource):
                client.register_scalable_target(**where, MinCapacity=held.least, MaxCapacity=held.most)
            for policy in held.policies:
                with calling("application-autoscaling:PutScalingPolicy", resource):
                    client.put_scaling_policy(**where, **policy)

    def _scaling(self, table: str) -> list[Scaling]:
        client = self.clients.client("application-autoscaling")
        with calling("application-autoscaling:DescribeScalableTargets", table):
            pages = list(client.get_paginator("describe_scalable_targets").paginate(ServiceNamespace="dynamodb"))
        own, under = f"table/{table}", f"table/{table}/index/"
        return [
            Scaling(
                dimension=target["ScalableDimension"],
                index=target["ResourceId"].removeprefix(under) if target["ResourceId"] != own else None,
                least=target["MinCapacity"],
                most=target["MaxCapacity"],
                policies=tuple(self._policies(target["ResourceId"], target["ScalableDimension"])),
            )
            for page in pages
            for target in page["ScalableTargets"]
            if target["ResourceId"] == own or target["ResourceId"].startswith(under)
        ]

    def _policies(self, resource: str, dimension: str) -> list[dict[str, Any]]:
        with calling("application-autoscaling:DescribeScalingPolicies", resource):
            found = self.clients.client("application-autoscaling").describe_scaling_policies(
                ServiceNamespace="dynamodb", ResourceId=resource, ScalableDimension=dimension
            )
        return [{key: held[key] for key in _POLICY_KEYS if key in held} for held in found["ScalingPolicies"]]

    def _policy(self, table: str) -> str | None:
        arn = self._arn(table)
        try:
            with calling("dynamodb:GetResourcePolicy", table):
                policy: str = self._dynamodb.get_resource_policy(ResourceArn=arn)["Policy"]
                return policy.replace(arn, _ITSELF)
        except AwsError as error:
            if error.code == _NO_POLICY:
                return None
            raise

    def _arn(self, table: str) -> str:
        shape = AwsTables(self.clients).shape(table)
        if shape is None:
            msg = f"dynamodb:DescribeTable on {table}: it does not exist"
            raise AwsError(msg, operation="dynamodb:DescribeTable", code="ResourceNotFoundException")
        return shape.arn

    @property
    def _dynamodb(self) -> Any:
        return self.clients.client("dynamodb")


def _tables_of(alarm: Mapping[str, Any]) -> set[str]:
    stats = [query["MetricStat"]["Metric"] for query in alarm.get("Metrics", []) if "MetricStat" in query]
    return {
        dimension["Value"]
        for metric in [alarm, *stats]
        for dimension in metric.get("Dimensions", [])
        if dimension["Name"] == "TableName"
    }
