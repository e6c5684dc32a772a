"""Inputs against AWS's own schemas of the same resources, as cfn-lint ships them: lengths, patterns, closed sets."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from components.backup.backup import Backup, BackupArgs
from components.observability.observability import Observability, ObservabilityArgs
from components.settings import Settings
from tests.components.conftest import TOPIC

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER  # type: ignore[import-untyped]

# Type of the program, type of the schema, and the inputs whose names differ by more than their first letter.
SAME_SHAPE: list[tuple[str, str, dict[str, str]]] = [
    (
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "AWS::CloudWatch::Alarm",
        {
            "name": "AlarmName",
            "okActions": "OKActions",
            "evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile",
        },
    ),
    ("aws:cloudwatch/compositeAlarm:CompositeAlarm", "AWS::CloudWatch::CompositeAlarm", {"okActions": "OKActions"}),
    ("aws:cloudwatch/dashboard:Dashboard", "AWS::CloudWatch::Dashboard", {}),
    ("aws:cloudwatch/queryDefinition:QueryDefinition", "AWS::Logs::QueryDefinition", {}),
    (
        "aws:cloudwatch/logMetricFilter:LogMetricFilter",
        "AWS::Logs::MetricFilter",
        {"name": "FilterName", "pattern": "FilterPattern"},
    ),
    ("aws:xray/group:Group", "AWS::XRay::Group", {}),
    ("aws:backup/vault:Vault", "AWS::Backup::BackupVault", {"name": "BackupVaultName"}),
    (
        "aws:backup/restoreTestingPlan:RestoreTestingPlan",
        "AWS::Backup::RestoreTestingPlan",
        {"name": "RestoreTestingPlanName"},
    ),
    ("aws:dynamodb/table:Table", "AWS::DynamoDB::Table", {"name": "TableName"}),
    ("aws:s3/bucket:Bucket", "AWS::S3::Bucket", {"bucket": "BucketName"}),
    ("aws:iam/role:Role", "AWS::IAM::Role", {"name": "RoleName"}),
    ("aws:sns/topic:Topic", "AWS::SNS::Topic", {"name": "TopicName"}),
]


@pytest.fixture
def registered(run: Any, settings: Callable[..., Settings]) -> Any:
    given = settings(
        environment="e" * 20, slo={"target": 0.99}, backup={"restoreTesting": True, "includeDatabase": True}
    )

    def build() -> None:
        Observability("observability", ObservabilityArgs(settings=given))
        Backup("backup", BackupArgs(settings=given, topic_arn=TOPIC))

    return run(build)


@pytest.mark.parametrize(("ours", "theirs", "names"), SAME_SHAPE, ids=[theirs for _, theirs, _ in SAME_SHAPE])
def test_inputs_are_what_aws_accepts(registered: Any, ours: str, theirs: str, names: dict[str, str]) -> None:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", theirs).schema
    checked = 0
    for name, inputs in registered.of(ours).items():
        for key, value in inputs.items():
            part = schema["properties"].get(names.get(key, key[0].upper() + key[1:]))
            if part is None or not _is_plain(value):
                continue
            validator = jsonschema.Draft7Validator({"definitions": schema.get("definitions", {}), **part})
            assert [error.message for error in validator.iter_errors(value)] == [], f"{name}.{key}"
            checked += 1
    assert checked


def _is_plain(value: Any) -> bool:
    """Texts, numbers and lists of texts have the same shape on both sides; objects are spelt differently."""
    if isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return isinstance(value, str | int | float | bool)
