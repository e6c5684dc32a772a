"""The client of each service by its type: a misspelt operation or parameter is found by mypy. Nothing of it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol, overload

if TYPE_CHECKING:
    from mypy_boto3_application_autoscaling import ApplicationAutoScalingClient
    from mypy_boto3_athena import AthenaClient
    from mypy_boto3_autoscaling import AutoScalingClient
    from mypy_boto3_backup import BackupClient
    from mypy_boto3_budgets import BudgetsClient
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_ecs import ECSClient
    from mypy_boto3_elbv2 import ElasticLoadBalancingv2Client
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_fis import FISClient
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_rds import RDSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_scheduler import EventBridgeSchedulerClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_ssm import SSMClient
    from mypy_boto3_sts import STSClient
    from mypy_boto3_xray import XRayClient


class TypedClients(Protocol):
    """Gives clients by the name of their service."""

    @overload
    def client(self, service: Literal["application-autoscaling"]) -> ApplicationAutoScalingClient: ...

    @overload
    def client(self, service: Literal["athena"]) -> AthenaClient: ...

    @overload
    def client(self, service: Literal["autoscaling"]) -> AutoScalingClient: ...

    @overload
    def client(self, service: Literal["backup"]) -> BackupClient: ...

    @overload
    def client(self, service: Literal["budgets"]) -> BudgetsClient: ...

    @overload
    def client(self, service: Literal["cloudwatch"]) -> CloudWatchClient: ...

    @overload
    def client(self, service: Literal["dynamodb"]) -> DynamoDBClient: ...

    @overload
    def client(self, service: Literal["ec2"]) -> EC2Client: ...

    @overload
    def client(self, service: Literal["ecs"]) -> ECSClient: ...

    @overload
    def client(self, service: Literal["elbv2"]) -> ElasticLoadBalancingv2Client: ...

    @overload
    def client(self, service: Literal["events"]) -> EventBridgeClient: ...

    @overload
    def client(self, service: Literal["fis"]) -> FISClient: ...

    @overload
    def client(self, service: Literal["glue"]) -> GlueClient: ...

    @overload
    def client(self, service: Literal["iam"]) -> IAMClient: ...

    @overload
    def client(self, service: Literal["logs"]) -> CloudWatchLogsClient: ...

    @overload
    def client(self, service: Literal["rds"]) -> RDSClient: ...

    @overload
    def client(self, service: Literal["s3"]) -> S3Client: ...

    @overload
    def client(self, service: Literal["scheduler"]) -> EventBridgeSchedulerClient: ...

    @overload
    def client(self, service: Literal["sns"]) -> SNSClient: ...

    @overload
    def client(self, service: Literal["ssm"]) -> SSMClient: ...

    @overload
    def client(self, service: Literal["sts"]) -> STSClient: ...

    @overload
    def client(self, service: Literal["xray"]) -> XRayClient: ...

    @overload
    def client(self, service: str) -> Any: ...
