"""All that a local cloud holds: every List, Describe and Get call that needs nothing to be said, and the owner's parts.

The calls are taken from the services' own models, so that nothing is left out because somebody did not think of it.
"""

from __future__ import annotations

import json
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from local.endpoint import REGION, Endpoint

_SERVICES: Final = (
    *(
        "dynamodb",
        "s3",
        "logs",
        "cloudwatch",
        "sns",
        "sqs",
        "iam",
        "backup",
        "fis",
        "events",
        "scheduler",
        "ssm",
        "ecs",
    ),
    *("xray", "rds", "autoscaling", "elbv2", "lambda"),
)
# What is no part of a stack: records of what was once done, which nobody can delete, and moving clocks.
_NOT_COMPARED: Final = {
    "ListMetrics": "metrics are not deleted, they expire",
    "ListBackupJobs": "AWS keeps what was done for 30 days",
    "ListRestoreJobs": "as above",
    "ListCopyJobs": "as above",
    "DescribeScalingActivities": "what was done",
    "DescribeEvents": "what was done",
    "DescribeAlarmHistory": "what was done",
    "GenerateCredentialReport": "not a listing",
    "GetCredentialReport": "has the time in it",
    "DescribeAccountLimits": "no resource",
    "GetUser": "whoever asks, made up for each request",
    "GetRandomPassword": "no resource",
    "DescribeDBInstances": "the newest restorable time moves on",
    "DescribeDBInstanceAutomatedBackups": "as above",
}
_ONCE: Final = Config(proxies={}, s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
_OWNERS: Final = ("orders", "shop-assets-123456789012", "/ecs/shop-web")


def everything(endpoint: Endpoint) -> dict[str, str]:
    """Answers by service and operation; a call that the cloud does not know is left out, before as after."""
    found: dict[str, str] = {}
    session = boto3.session.Session("local", "local", region_name=REGION)
    for service in _SERVICES:
        # The first answer counts: what the cloud does not know it does not know the third time either.
        client = session.client(service, endpoint_url=endpoint.url, config=_ONCE)
        for operation, answer in _answers(client):
            found[f"{service}:{operation}"] = answer
    return {**found, **_owned(endpoint)}


def _answers(client: Any) -> Any:
    model = client.meta.service_model
    methods = {operation: method for method, operation in client.meta.method_to_api_mapping.items()}
    for operation in model.operation_names:
        asked = model.operation_model(operation)
        needs = asked.input_shape.required_members if asked.input_shape else []
        if not operation.startswith(("List", "Describe", "Get")) or needs or operation in _NOT_COMPARED:
            continue
        try:
            yield operation, _plain(getattr(client, methods[operation])())
        except (BotoCoreError, ClientError, ResponseParserError):
            continue


def _owned(endpoint: Endpoint) -> dict[str, str]:
    """What the owner had, in depth; the settings of a bucket are looked at where they are borrowed."""
    table, bucket, group = _OWNERS
    dynamodb, s3, logs = (endpoint.client(name) for name in ("dynamodb", "s3", "logs"))
    backups = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    filters = logs.describe_metric_filters(logGroupName=group)["metricFilters"]
    return {
        "table": _plain(dynamodb.describe_table(TableName=table)),
        "items": _plain(sorted(dynamodb.scan(TableName=table)["Items"], key=str)),
        "recovery": str(backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]),
        "objects": _plain(s3.list_object_versions(Bucket=bucket).get("Versions")),
        "filters": _plain(filters),
    }


def _plain(answer: Any) -> str:
    if isinstance(answer, dict):
        answer = {key: value for key, value in answer.items() if key != "ResponseMetadata"}
    return json.dumps(answer, default=str, sort_keys=True)
