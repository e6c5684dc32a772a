"""What stages 3 to 5 create, as whole CloudFormation resources, against AWS's own schemas as cfn-lint ships them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import jsonschema
import pytest

from components.chaos.chaos import FAULTS, Chaos, ChaosArgs
from components.settings import Settings
from tests.components.conftest import TOPIC
from tests.components.test_chaos import of_kind, shipped

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER  # type: ignore[import-untyped]


def pascal(value: Any) -> Any:
    """Property names in AWS's spelling, and nothing that is not set."""
    if isinstance(value, Mapping):
        return {key[:1].upper() + key[1:]: pascal(item) for key, item in value.items() if item is not None}
    return [pascal(item) for item in value] if isinstance(value, list) else value


def pairs(listed: list[dict[str, str]] | None) -> dict[str, str]:
    return {held["key"]: held["value"] for held in listed or []}


def template(inputs: dict[str, Any]) -> dict[str, Any]:
    """AWS::FIS::ExperimentTemplate has maps where the provider has lists."""
    logs = inputs["logConfiguration"]
    return {
        "Description": inputs["description"],
        "RoleArn": inputs["roleArn"],
        "Tags": inputs["tags"],
        "StopConditions": pascal(inputs["stopConditions"]),
        "ExperimentOptions": pascal(inputs["experimentOptions"]),
        "LogConfiguration": {
            "LogSchemaVersion": logs["logSchemaVersion"],
            "CloudWatchLogsConfiguration": pascal(logs["cloudwatchLogsConfiguration"]),
        },
        "Actions": {
            held["name"]: {
                "ActionId": held["actionId"],
                "Parameters": pairs(held["parameters"]),
                "Targets": {held["target"]["key"]: held["target"]["value"]},
            }
            for held in inputs["actions"]
        },
        "Targets": {
            held["name"]: {
                key: value
                for key, value in {
                    "ResourceType": held["resourceType"],
                    "SelectionMode": held["selectionMode"],
                    "ResourceArns": held.get("resourceArns"),
                    "ResourceTags": pairs(held.get("resourceTags")) or None,
                    "Filters": pascal(held.get("filters")),
                    "Parameters": held.get("parameters"),
                }.items()
                if value is not None
            }
            for held in inputs["targets"]
        },
    }


def alarm(inputs: dict[str, Any]) -> dict[str, Any]:
    found = pascal({key: value for key, value in inputs.items() if key not in ("name", "okActions", "tags")})
    return {**found, "AlarmName": inputs["name"], "OKActions": inputs["okActions"], "Tags": tags(inputs)}


def log_group(inputs: dict[str, Any]) -> dict[str, Any]:
    return {"LogGroupName": inputs["name"], "RetentionInDays": int(inputs["retentionInDays"]), "Tags": tags(inputs)}


def metric_filter(inputs: dict[str, Any]) -> dict[str, Any]:
    given = inputs["metricTransformation"]
    target = {"MetricName": given["name"], "MetricNamespace": given["namespace"], "MetricValue": given["value"]}
    return {
        "FilterName": inputs["name"],
        "FilterPattern": inputs["pattern"],
        "LogGroupName": inputs["logGroupName"],
        "MetricTransformations": [target],
    }


def rule(inputs: dict[str, Any]) -> dict[str, Any]:
    return {"Name": inputs["name"], "Description": inputs["description"], "EventPattern": inputs["eventPattern"]}


def schedule(inputs: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = pascal(inputs)
    # The mocks' ARNs are those of no service.
    found["Target"]["RoleArn"] = "arn:aws:iam::123456789012:role/ial-dev-start"
    return found


def role(inputs: dict[str, Any]) -> dict[str, Any]:
    return {
        "RoleName": inputs["name"],
        "AssumeRolePolicyDocument": inputs["assumeRolePolicy"],
        "MaxSessionDuration": int(inputs["maxSessionDuration"]),
        "Tags": tags(inputs),
    }


def tags(inputs: dict[str, Any]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in inputs["tags"].items()]


TYPES: dict[str, tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "aws:fis/experimentTemplate:ExperimentTemplate": ("AWS::FIS::ExperimentTemplate", template),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("AWS::CloudWatch::Alarm", alarm),
    "aws:cloudwatch/logGroup:LogGroup": ("AWS::Logs::LogGroup", log_group),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": ("AWS::Logs::MetricFilter", metric_filter),
    "aws:cloudwatch/eventRule:EventRule": ("AWS::Events::Rule", rule),
    "aws:scheduler/schedule:Schedule": ("AWS::Scheduler::Schedule", schedule),
    "aws:iam/role:Role": ("AWS::IAM::Role", role),
}
# Parts of another resource in CloudFormation.
PARTS = {"aws:iam/rolePolicy:RolePolicy", "aws:cloudwatch/eventTarget:EventTarget"}


@pytest.fixture
def registered(run: Any, settings: Callable[..., Settings]) -> Any:
    given = settings(environment="e" * 20, chaos={"starter": "scheduler"})
    specs = (*shipped(), *((3, of_kind(kind)) for kind in FAULTS if kind not in {"network-latency", "alb-stress"}))
    unique = {spec.name: (stage, spec) for stage, spec in specs}
    args = ChaosArgs(settings=given, experiments=tuple(unique.values()), topic_arn=TOPIC, records_table="records")
    return run(lambda: Chaos("chaos", args))


def readable(schema: Any) -> Any:
    """The schema without patterns that Python cannot read."""
    if isinstance(schema, dict):
        kept = {key: readable(held) for key, held in schema.items()}
        return {key: held for key, held in kept.items() if not (key == "pattern" and "\\p" in str(held))}
    return [readable(held) for held in schema] if isinstance(schema, list) else schema


def errors(theirs: str, properties: dict[str, Any]) -> list[str]:
    schema = dict(PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", theirs).schema)
    for key in schema.get("readOnlyProperties", []):
        schema["required"] = [name for name in schema.get("required", []) if f"/properties/{name}" != key]
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
        for error in jsonschema.Draft7Validator(readable(schema)).iter_errors(properties)
    ]


def test_every_type_is_translated(registered: Any) -> None:
    types = {found.typ for found in registered.resources if found.typ.startswith("aws:")}
    assert types == set(TYPES) | PARTS


@pytest.mark.parametrize("ours", TYPES)
def test_aws_accepts_the_whole_resource(registered: Any, ours: str) -> None:
    theirs, translate = TYPES[ours]
    found = registered.of(ours)
    assert found
    for name, inputs in found.items():
        assert errors(theirs, translate(inputs)) == [], name


def test_the_checker_finds_what_is_wrong(registered: Any) -> None:
    [*_, inputs] = registered.of("aws:fis/experimentTemplate:ExperimentTemplate").values()
    good = template(inputs)
    for broken in (
        {key: value for key, value in good.items() if key != "StopConditions"},
        good | {"Experiments": {}},
        good | {"RoleArn": 7},
        good | {"ExperimentOptions": {"AccountTargeting": "every-account"}},
    ):
        assert errors("AWS::FIS::ExperimentTemplate", broken) != []
