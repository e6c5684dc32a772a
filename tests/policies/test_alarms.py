from __future__ import annotations

from typing import Any

import pytest

from policies.alarms import COMPOSITE_ALARM, EXPERIMENT, METRIC_ALARM
from tests.policies.conftest import UNKNOWN_TEXT, Declared, Servicer

GOOD: dict[str, Any] = {
    "name": "cpu",
    "namespace": "AWS/ECS",
    "metricName": "CPUUtilization",
    "dimensions": {"ClusterName": "shop", "ServiceName": UNKNOWN_TEXT},
    "period": 60,
    "evaluationPeriods": 5,
    "datapointsToAlarm": 3,
    "treatMissingData": "breaching",
    "alarmActions": [UNKNOWN_TEXT],
    "okActions": [UNKNOWN_TEXT],
}


def said_of(pack: Servicer, policy: str, **changes: Any) -> list[int]:
    inputs = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    return [said.level for said in pack.of(policy, Declared(METRIC_ALARM, "cpu", inputs))]


def test_a_good_alarm_passes_all(pack: Servicer) -> None:
    found = pack.all(Declared(METRIC_ALARM, "cpu", GOOD))
    assert [said.policy for said in found if said.policy.startswith("alarm-")] == []


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"period": 300, "evaluationPeriods": 288, "datapointsToAlarm": 1}, 0),
        ({"period": 300, "evaluationPeriods": 289, "datapointsToAlarm": 1}, 1),
        ({"period": 3600, "evaluationPeriods": 168}, 0),
        ({"period": 3600, "evaluationPeriods": 169}, 1),
        ({"datapointsToAlarm": 5}, 0),
        ({"datapointsToAlarm": 6}, 1),
        ({"datapointsToAlarm": None}, 0),
        ({"datapointsToAlarm": UNKNOWN_TEXT}, 1),
        ({"period": 90}, 1),
        ({"period": 30}, 0),
        ({"period": UNKNOWN_TEXT}, 1),
        ({"evaluationPeriods": UNKNOWN_TEXT}, 1),
        ({"evaluationPeriods": None}, 1),
        # A PromQL alarm has a duration in their place.
        ({"evaluationPeriods": None, "evaluationCriteria": {"promqlCriteria": {"query": "up"}}}, 0),
        ({"period": None, "metricQueries": [{"id": "m1", "metric": {"period": 43200}}], "evaluationPeriods": 15}, 1),
        ({"period": None, "metricQueries": [{"id": "m1", "metric": {"period": 43200}}], "evaluationPeriods": 14}, 0),
    ],
)
def test_window(pack: Servicer, changes: dict[str, Any], refused: int) -> None:
    assert said_of(pack, "alarm-window-valid", **changes) == [1] * refused


@pytest.mark.parametrize(
    ("namespace", "metric", "dimensions", "refused"),
    [
        ("AWS/ECS", "CPUUtilization", {"ServiceName": "web"}, 1),
        ("AWS/DynamoDB", "ReadThrottleEvents", {}, 1),
        ("AWS/DynamoDB", "ReadThrottleEvents", {"TableName": UNKNOWN_TEXT}, 0),
        ("AWS/DynamoDB", "UserErrors", {}, 0),
        ("AWS/ApplicationELB", "TargetResponseTime", {"LoadBalancer": "app/shop/1"}, 0),
        ("AWS/ApplicationELB", "UnHealthyHostCount", {"LoadBalancer": "app/shop/1"}, 1),
        ("AWS/ApplicationELB", "UnHealthyHostCount", {"LoadBalancer": "app/a/1", "TargetGroup": "targetgroup/a/1"}, 0),
        (
            "AWS/ApplicationELB",
            "RequestCount",
            {"LoadBalancer": "arn:aws:elasticloadbalancing:::loadbalancer/app/a"},
            1,
        ),
        ("AWS/RDS", "DatabaseConnections", {}, 1),
        ("AWS/RDS", "DatabaseConnections", {"DBInstanceIdentifier": "db"}, 0),
        ("AWS/EC2", "CPUUtilization", {"AutoScalingGroupName": "web"}, 0),
        ("AWS/EC2", "CPUUtilization", UNKNOWN_TEXT, 1),
        ("shop/own", "Errors", {}, 0),
    ],
)
def test_dimensions(pack: Servicer, namespace: str, metric: str, dimensions: Any, refused: int) -> None:
    single = {"namespace": namespace, "metricName": metric, "dimensions": dimensions}
    assert said_of(pack, "alarm-dimensions-complete", **single) == [1] * refused
    queries = {"namespace": None, "metricName": None, "dimensions": None, "metricQueries": [{"metric": single}]}
    assert said_of(pack, "alarm-dimensions-complete", **queries) == [1] * refused


@pytest.mark.parametrize(
    ("namespace", "names"),
    [
        ("AWS/NetworkELB", ["LoadBalancer"]),
        ("ECS/ContainerInsights", ["ClusterName"]),
        ("AWS/EC2", ["InstanceId"]),
        ("AWS/EC2", ["InstanceType"]),
        ("AWS/EC2", ["ImageId"]),
        ("AWS/AutoScaling", ["AutoScalingGroupName"]),
        ("AWS/RDS", ["DBClusterIdentifier"]),
        ("AWS/RDS", ["DatabaseClass"]),
        ("AWS/RDS", ["EngineName"]),
        ("AWS/S3", ["BucketName", "StorageType"]),
        ("AWS/S3", ["BucketName", "FilterId"]),
        ("AWS/SQS", ["QueueName"]),
        ("AWS/SNS", ["TopicName"]),
        ("AWS/Lambda", ["FunctionName"]),
        ("AWS/States", ["StateMachineArn"]),
    ],
)
def test_without_one_of_its_dimensions_a_metric_has_no_data(pack: Servicer, namespace: str, names: list[str]) -> None:
    of = {"namespace": namespace, "metricName": "Some"}
    for held, refused in ((names, 0), (names[1:], 1), (names[:-1], 1), (["Other"], 1)):
        given = {name: UNKNOWN_TEXT for name in held}
        assert said_of(pack, "alarm-dimensions-complete", **of, dimensions=given) == [1] * refused


@pytest.mark.parametrize(("value", "refused"), [(None, 1), ("missing", 0), (UNKNOWN_TEXT, 0)])
def test_missing_data(pack: Servicer, value: str | None, refused: int) -> None:
    assert said_of(pack, "alarm-missing-data-decided", treatMissingData=value) == [1] * refused


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({}, 0),
        ({"alarmActions": None}, 1),
        ({"alarmActions": []}, 1),
        ({"actionsEnabled": False}, 1),
        ({"okActions": None}, 1),
        ({"okActions": UNKNOWN_TEXT}, 0),
    ],
)
def test_actions(pack: Servicer, changes: dict[str, Any], refused: int) -> None:
    assert said_of(pack, "alarm-tells-somebody", **changes) == [1] * refused


SILENT = Declared(METRIC_ALARM, "cpu", {**GOOD, "alarmActions": [], "okActions": []})
ACTS = {"alarmActions": [UNKNOWN_TEXT], "okActions": [UNKNOWN_TEXT]}


@pytest.mark.parametrize(
    ("user", "refused"),
    [
        (Declared(COMPOSITE_ALARM, "all", {"alarmName": "all", "alarmRule": 'ALARM("cpu")', **ACTS}), []),
        (Declared(COMPOSITE_ALARM, "all", {"alarmName": "all", "alarmRule": "ALARM(cpu)", **ACTS}), []),
        (Declared(COMPOSITE_ALARM, "all", {"alarmName": "all", "alarmRule": 'ALARM("cpu-2")', **ACTS}), ["cpu"]),
        (Declared(COMPOSITE_ALARM, "all", {"alarmName": "all", "alarmRule": UNKNOWN_TEXT, **ACTS}), ["cpu"]),
        (
            Declared(COMPOSITE_ALARM, "all", {"alarmRule": UNKNOWN_TEXT, **ACTS}, dependencies=(SILENT.urn,)),
            [],
        ),
        (Declared(EXPERIMENT, "x", {"stopConditions": [{"value": "arn:aws:cloudwatch:r:1:alarm:cpu"}]}), []),
        (Declared(EXPERIMENT, "x", {"stopConditions": [{"value": "arn:aws:cloudwatch:r:1:alarm:cpu2"}]}), ["cpu"]),
        (Declared(EXPERIMENT, "x", {"stopConditions": [{"value": UNKNOWN_TEXT}]}, dependencies=(SILENT.urn,)), []),
        (Declared(EXPERIMENT, "x", {"stopConditions": [{"source": "none"}]}, dependencies=(SILENT.urn,)), ["cpu"]),
    ],
)
def test_an_alarm_without_actions_must_serve_one_with(pack: Servicer, user: Declared, refused: list[str]) -> None:
    found = pack.of("alarm-tells-somebody", SILENT, user)
    assert [said.urn.rpartition("::")[2] for said in found] == refused
    assert all(said.level == 1 for said in found)
