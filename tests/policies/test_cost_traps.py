from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from policies import environments
from tests.policies.conftest import UNKNOWN_TEXT, Declared, Servicer

ALARM = {"evaluationPeriods": 3, "treatMissingData": "ignore"}
INSIGHTS = "pulumi-python:dynamic/observability:ClusterInsights"
RETENTION = "pulumi-python:dynamic/observability:LogRetention"


def body(metrics: int) -> str:
    rows = [["AWS/ECS", f"Metric{number}"] for number in range(metrics)]
    return json.dumps({"widgets": [{"type": "metric", "properties": {"metrics": rows}}]})


def settings(value: str) -> dict[str, Any]:
    return {"settings": [{"name": "containerInsights", "value": value}]}


CUT_OFF: dict[str, Any] = {"bytesScannedCutoffPerQuery": 10_000_000}
# Each trap, the good case beside it, and the case that is unknown at preview (None where nothing can be unknown).
TRAPS: list[tuple[str, dict[str, Any], dict[str, Any] | None, dict[str, Any] | None]] = [
    ("aws:ec2/natGateway:NatGateway", {}, None, {"subnetId": UNKNOWN_TEXT}),
    (
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        {"vpcEndpointType": "Interface"},
        {"vpcEndpointType": "Gateway"},
        {"vpcEndpointType": UNKNOWN_TEXT},
    ),
    ("aws:kms/key:Key", {}, None, None),
    ("aws:kms/externalKey:ExternalKey", {}, None, None),
    ("aws:kms/replicaKey:ReplicaKey", {}, None, None),
    ("aws:resiliencehub/resiliencyPolicy:ResiliencyPolicy", {}, None, None),
    ("aws:ec2/instance:Instance", {"monitoring": True}, {"monitoring": False}, {"monitoring": UNKNOWN_TEXT}),
    ("aws:ec2/instance:Instance", {"monitoring": "true"}, {"monitoring": "false"}, None),
    (
        "aws:ec2/launchTemplate:LaunchTemplate",
        {"monitoring": {"enabled": True}},
        {},
        {"monitoring": {"enabled": UNKNOWN_TEXT}},
    ),
    ("aws:ec2/launchConfiguration:LaunchConfiguration", {}, {"enableMonitoring": False}, None),
    ("aws:athena/workgroup:Workgroup", {}, {"configuration": CUT_OFF}, {"configuration": UNKNOWN_TEXT}),
    (
        "aws:athena/workgroup:Workgroup",
        {"configuration": {**CUT_OFF, "enforceWorkgroupConfiguration": False}},
        {"configuration": {**CUT_OFF, "enforceWorkgroupConfiguration": True}},
        {"configuration": {"bytesScannedCutoffPerQuery": UNKNOWN_TEXT}},
    ),
    (
        "aws:fis/experimentTemplate:ExperimentTemplate",
        {"experimentReportConfiguration": {"postExperimentDuration": "PT5M"}},
        {},
        {"experimentReportConfiguration": UNKNOWN_TEXT},
    ),
    ("aws:cloudwatch/logGroup:LogGroup", {}, {"retentionInDays": 14}, {"retentionInDays": UNKNOWN_TEXT}),
    ("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 0}, {"logGroupClass": "DELIVERY"}, None),
    (RETENTION, {"retentionInDays": 0}, {"retentionInDays": 1}, {"retentionInDays": UNKNOWN_TEXT}),
    (
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        {**ALARM, "period": 59},
        {**ALARM, "period": 60},
        {**ALARM, "period": UNKNOWN_TEXT},
    ),
    (
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        {**ALARM, "metricQueries": [{"id": "m1", "metric": {"period": 10}}]},
        {**ALARM, "metricQueries": [{"id": "m1", "metric": {"period": 300}}]},
        {**ALARM, "metricQueries": UNKNOWN_TEXT},
    ),
    (
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        {**ALARM, "metricQueries": [{"id": "e1", "expression": "m1", "period": 10}]},
        {**ALARM, "metricQueries": [{"id": "e1", "expression": "m1", "period": 60}]},
        {**ALARM, "metricQueries": [{"id": "m1", "metric": UNKNOWN_TEXT}]},
    ),
    ("aws:ecs/cluster:Cluster", settings("enabled"), settings("disabled"), settings(UNKNOWN_TEXT)),
    ("aws:ecs/cluster:Cluster", settings("enhanced"), {}, {"settings": UNKNOWN_TEXT}),
    (
        "aws:ecs/cluster:Cluster",
        {"settings": [{"name": UNKNOWN_TEXT, "value": "enabled"}]},
        {"settings": [{"name": "another", "value": "enabled"}]},
        {"settings": [UNKNOWN_TEXT]},
    ),
    (
        "aws:ecs/accountSettingDefault:AccountSettingDefault",
        {"name": "containerInsights", "value": "enhanced"},
        {"name": "containerInsights", "value": "disabled"},
        {"name": "containerInsights", "value": UNKNOWN_TEXT},
    ),
    (
        "aws:ecs/accountSettingDefault:AccountSettingDefault",
        {"name": "containerInsights", "value": "enabled"},
        {"name": "taskLongArnFormat", "value": "enabled"},
        {"name": UNKNOWN_TEXT, "value": "enabled"},
    ),
    (INSIGHTS, {"mode": "always"}, {"mode": "gameday"}, {"mode": UNKNOWN_TEXT}),
    ("aws:cloudwatch/dashboard:Dashboard", {"dashboardBody": body(51)}, {"dashboardBody": body(50)}, None),
]


def trapped(pack: Servicer, token: str, inputs: dict[str, Any]) -> list[int]:
    return [said.level for said in pack.resource(Declared(token, inputs=inputs)) if said.policy == "cost-traps"]


@pytest.mark.parametrize(("token", "bad", "good", "unknown"), TRAPS)
def test_a_trap_is_refused_and_its_neighbour_is_not(
    pack: Servicer, token: str, bad: dict[str, Any], good: dict[str, Any] | None, unknown: dict[str, Any] | None
) -> None:
    assert trapped(pack, token, bad) == [1]
    assert good is None or trapped(pack, token, good) == []
    assert unknown is None or trapped(pack, token, unknown) == [1]


def test_the_message_names_resource_type_and_way_out(pack: Servicer) -> None:
    said = [s for s in pack.resource(Declared("aws:ec2/natGateway:NatGateway", "exit")) if s.policy == "cost-traps"]
    assert said[0].message == (
        "exit (aws:ec2/natGateway:NatGateway) is a NAT gateway at 32.85 USD a month and more; "
        "use public subnets, a Gateway endpoint or a NAT instance"
    )


@pytest.mark.parametrize(
    ("amount", "expires", "levels"), [("1.00", "2026-12-01", []), ("0.99", "2026-12-01", [1]), ("9", "2026-11-24", [1])]
)
def test_a_waiver_covers_its_amount_until_its_day(
    pack: Servicer, surroundings: Path, amount: str, expires: str, levels: list[int]
) -> None:
    file = surroundings / "dev.yaml"
    place = "id: W1, policy: cost-traps, scope: it, reason: audit, owner: team"
    waiver = f"{{{place}, maxAmount: {amount}, expires: {expires}}}"
    file.write_text(f"{file.read_text(encoding='utf-8')}\nwaivers:\n  - {waiver}\n", encoding="utf-8")
    environments._terms.cache_clear()
    assert trapped(pack, "aws:kms/key:Key", {}) == levels
    assert trapped(pack, "aws:ec2/natGateway:NatGateway", {}) == [1]
