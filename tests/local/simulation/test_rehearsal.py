"""FIS, its faults, the workload, its metrics and its alarms, asked over HTTP with real clients."""

from __future__ import annotations

import json
import urllib.error
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from components.chaos.fault import Fault
from local.seed import SERVICE
from tests.components.chaos.test_chaos import of_kind
from tests.components.conftest import settings_of
from tests.local.simulation.conftest import Stage

pytestmark = pytest.mark.cloud
ALARM = "rehearsal-errors"
ROLE = "arn:aws:iam::123456789012:role/fis"
GROUP = "targetgroup/shop-web/6d0ecf831eec9f09"
BALANCER = "app/shop/50dc6c495c0c9188"
INSTANCES = {
    "app": {
        "resourceType": "aws:ec2:instance",
        "selectionMode": "COUNT(1)",
        "resourceTags": {"chaos:enabled": "true"},
        "filters": [{"path": "State.Name", "values": ["running"]}],
    }
}


def command(document: str, seconds: int, **parameters: str) -> dict[str, Any]:
    return {
        "actionId": "aws:ssm:send-command",
        "parameters": {
            "documentArn": f"arn:aws:ssm:us-east-1::document/{document}",
            "documentParameters": json.dumps({"DurationSeconds": str(seconds), **parameters}),
            "duration": f"PT{seconds + 60}S",
        },
        "targets": {"Instances": "app"},
    }


LATENCY = command("AWSFIS-Run-Network-Latency-Sources", 120, DelayMilliseconds="200", Sources="10.0.2.0/24")
HIDE = command("AWSFIS-Run-Network-Blackhole-Port", 120, Port="8080", Protocol="tcp", TrafficType="ingress")
CUT = command("AWSFIS-Run-Network-Blackhole-Port", 120, Port="5432", Protocol="tcp", TrafficType="egress")
TERMINATE = {"actionId": "aws:ec2:terminate-instances", "targets": {"Instances": "app"}}


@pytest.fixture
def alarm(stage: Stage) -> Iterator[str]:
    cloudwatch = stage.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=ALARM,
        Namespace="AWS/ApplicationELB",
        MetricName="HTTPCode_Target_5XX_Count",
        Dimensions=[{"Name": "LoadBalancer", "Value": BALANCER}, {"Name": "TargetGroup", "Value": GROUP}],
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=300,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching",
    )
    arn: str = cloudwatch.describe_alarms(AlarmNames=[ALARM])["MetricAlarms"][0]["AlarmArn"]
    yield arn
    cloudwatch.delete_alarms(AlarmNames=[ALARM])


def start(
    stage: Stage, action: Mapping[str, Any], alarm: str, targets: Mapping[str, Any] = INSTANCES, **options: Any
) -> str:
    """Starts an experiment of one action after a gate on the alarm."""
    fis = stage.client("fis")
    gate = {"actionId": "aws:cloudwatch:assert-alarm-state", "parameters": {"alarmArns": alarm, "alarmStates": "OK"}}
    template = fis.create_experiment_template(
        clientToken="t" + str(datetime.now(UTC).timestamp()),
        description="rehearsal",
        stopConditions=[{"source": "aws:cloudwatch:alarm", "value": alarm}],
        targets=targets,
        actions={"gate": gate, "fault": {**action, "startAfter": ["gate"]}},
        roleArn=ROLE,
    )["experimentTemplate"]["id"]
    token = options.pop("token", template)
    started = fis.start_experiment(clientToken=token, experimentTemplateId=template, tags={"run": "1"}, **options)
    id_: str = started["experiment"]["id"]
    return id_


def shown(stage: Stage, id_: str) -> Any:
    return stage.client("fis").get_experiment(id=id_)["experiment"]


def metric(
    stage: Stage, name: str, stat: str, minutes: int, namespace: str = "AWS/ApplicationELB", *, grouped: bool = True
) -> list[float]:
    """The newest values of a metric of the workload, oldest first; `grouped` is that of the target group."""
    now = datetime.fromtimestamp(stage.ask("GET", "/ial/clock")["now"], UTC).replace(second=0, microsecond=0)
    dimensions = [{"Name": "LoadBalancer", "Value": BALANCER}, {"Name": "TargetGroup", "Value": GROUP}]
    dimensions = dimensions if grouped else dimensions[:1]
    query = {
        "Id": "m",
        "MetricStat": {
            "Metric": {
                "Namespace": namespace,
                "MetricName": name,
                "Dimensions": dimensions if namespace == "AWS/ApplicationELB" else [],
            },
            "Period": 60,
            "Stat": stat,
        },
    }
    found = stage.client("cloudwatch").get_metric_data(
        MetricDataQueries=[query], StartTime=now - timedelta(minutes=minutes), EndTime=now, ScanBy="TimestampAscending"
    )
    values: list[float] = found["MetricDataResults"][0]["Values"]
    return values


def health(stage: Stage) -> list[str]:
    elb = stage.client("elbv2")
    arn = elb.describe_target_groups(Names=[SERVICE])["TargetGroups"][0]["TargetGroupArn"]
    found = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    return sorted(entry["TargetHealth"]["State"] for entry in found)


def state(stage: Stage) -> str:
    found: str = stage.client("cloudwatch").describe_alarms(AlarmNames=[ALARM])["MetricAlarms"][0]["StateValue"]
    return found


def test_time_moves_only_when_somebody_waits(stage: Stage) -> None:
    begun = stage.begin()
    assert stage.ask("GET", "/ial/clock")["now"] == begun
    assert stage.wait(90) == begun + 90


def test_the_workload_has_reported_before_it_begins(stage: Stage, alarm: str) -> None:
    stage.begin()
    assert metric(stage, "RequestCount", "Sum", 5) == pytest.approx([3600] * 5, rel=0.05)
    assert all(value < 0.1 for value in metric(stage, "TargetResponseTime", "p99", 5))
    assert metric(stage, "HTTPCode_Target_5XX_Count", "Sum", 5) == []
    assert metric(stage, "HealthyHostCount", "Minimum", 5) == [2] * 5
    assert state(stage) == "OK"


def test_latency_from_start_to_end(stage: Stage, alarm: str) -> None:
    stage.begin()
    id_ = start(stage, LATENCY, alarm)
    assert shown(stage, id_)["state"]["status"] == "pending"
    stage.wait(120)
    assert shown(stage, id_)["state"]["status"] == "running"
    assert metric(stage, "TargetResponseTime", "p99", 2)[-1] > 0.24
    stage.wait(120)
    done = shown(stage, id_)
    assert done["state"]["status"] == "completed"
    assert {name: action["state"]["status"] for name, action in done["actions"].items()} == {
        "gate": "completed",
        "fault": "completed",
    }
    fault = done["actions"]["fault"]
    assert fault["endTime"] - fault["startTime"] == timedelta(seconds=180)
    assert fault["startTime"] >= done["actions"]["gate"]["endTime"]
    stage.wait(120)
    assert metric(stage, "TargetResponseTime", "p99", 1)[-1] < 0.1


def test_a_terminated_instance_is_gone_and_replaced(stage: Stage, alarm: str) -> None:
    stage.begin()
    id_ = start(stage, TERMINATE, alarm)
    stage.wait(30)
    [hit] = stage.client("fis").list_experiment_resolved_targets(experimentId=id_)["resolvedTargets"]
    instance = hit["targetInformation"]["arn"].rsplit("/", 1)[-1]
    found = stage.client("ec2").describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
    assert found["State"]["Name"] in ("terminated", "shutting-down")
    assert shown(stage, id_)["state"]["status"] == "completed"
    stage.wait(180)
    assert health(stage) == ["healthy", "healthy"]
    [activity] = stage.client("autoscaling").describe_scaling_activities(AutoScalingGroupName=SERVICE)["Activities"]
    assert activity["StatusCode"] == "Successful"
    assert activity["EndTime"] > activity["StartTime"]
    assert len(members(stage)) == 2
    assert instance not in members(stage)


@pytest.mark.parametrize("process", ["Launch", "HealthCheck"])
def test_a_group_that_is_told_not_to_replaces_nothing(stage: Stage, alarm: str, process: str) -> None:
    stage.begin()
    groups = stage.client("autoscaling")
    groups.suspend_processes(AutoScalingGroupName=SERVICE, ScalingProcesses=[process])
    try:
        start(stage, TERMINATE, alarm)
        stage.wait(300)
        assert "healthy" in health(stage)
        assert groups.describe_scaling_activities(AutoScalingGroupName=SERVICE)["Activities"] == []
    finally:
        groups.resume_processes(AutoScalingGroupName=SERVICE)
    # What comes next begins with whole groups.
    stage.wait(300)
    assert health(stage) == ["healthy", "healthy"]


def members(stage: Stage) -> set[str]:
    group = stage.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"][0]
    return {member["InstanceId"] for member in group["Instances"]}


def test_a_target_that_is_not_reached_turns_unhealthy_and_is_replaced(stage: Stage, alarm: str) -> None:
    stage.begin()
    before = members(stage)
    start(stage, HIDE, alarm)
    stage.wait(60)
    assert health(stage) == ["healthy", "unhealthy"]
    stage.wait(240)
    assert health(stage) == ["healthy", "healthy"]
    assert len(members(stage) & before) == 1


@pytest.mark.parametrize("process", ["HealthCheck", "ReplaceUnhealthy", "Terminate"])
def test_a_group_that_is_told_to_leave_it_gets_it_back(stage: Stage, alarm: str, process: str) -> None:
    stage.begin()
    before = members(stage)
    groups = stage.client("autoscaling")
    groups.suspend_processes(AutoScalingGroupName=SERVICE, ScalingProcesses=[process])
    try:
        start(stage, HIDE, alarm)
        stage.wait(300)
        assert (health(stage), members(stage)) == (["healthy", "healthy"], before)
    finally:
        groups.resume_processes(AutoScalingGroupName=SERVICE)


def task_blackhole(**given: Any) -> Fault:
    """The fault as the components give it its template."""
    spec = of_kind("ecs-task-blackhole")
    one = replace(spec, targets=replace(spec.targets, count=1))
    return replace(one, fault=replace(spec.fault, **given)).ordered_fault(settings_of())


def test_one_task_whose_port_is_cut_off_turns_unhealthy(stage: Stage, alarm: str) -> None:
    stage.begin()
    fault = task_blackhole(direction="ingress", seconds=120)
    start(stage, fault.actions["fault"], alarm, fault.targets)
    stage.wait(60)
    assert health(stage) == ["healthy", "unhealthy"]
    stage.wait(240)
    assert health(stage) == ["healthy", "healthy"]


def test_tasks_that_do_not_reach_their_database_open_the_breaker(stage: Stage, alarm: str) -> None:
    stage.begin()
    fault = task_blackhole(direction="egress", seconds=120)
    start(stage, fault.actions["fault"], alarm, fault.targets)
    stage.wait(120)
    assert sum(metric(stage, "CircuitOpened", "Sum", 3, "ial/dev")) >= 1


def test_a_database_that_is_not_reached_opens_the_breaker(stage: Stage, alarm: str) -> None:
    stage.begin()
    start(stage, CUT, alarm)
    stage.wait(120)
    assert sum(metric(stage, "CircuitOpened", "Sum", 3, "ial/dev")) >= 1
    assert sum(metric(stage, "DegradedResponses", "Sum", 3, "ial/dev")) > 1000


def test_an_alarm_stops_what_hurts(stage: Stage, alarm: str) -> None:
    stage.begin({"capacity": 35})
    id_ = start(stage, LATENCY, alarm)
    stage.wait(150)
    found = shown(stage, id_)
    assert found["state"]["status"] == "stopped"
    assert "stop condition" in found["state"]["reason"]
    assert found["actions"]["fault"]["state"]["status"] == "stopped"
    history = stage.client("cloudwatch").describe_alarm_history(AlarmName=ALARM, HistoryItemType="StateUpdate")
    changes = [json.loads(item["HistoryData"])["newState"]["stateValue"] for item in history["AlarmHistoryItems"]]
    assert "ALARM" in changes
    stage.wait(180)
    assert state(stage) == "OK"
    assert metric(stage, "TargetResponseTime", "p99", 1)[-1] < 0.1


@pytest.mark.parametrize("fault", [HIDE, TERMINATE])
def test_what_reaches_no_instance_is_an_error_of_the_load_balancer(
    stage: Stage, alarm: str, fault: dict[str, Any]
) -> None:
    stage.begin({"retries": False})
    start(stage, fault, alarm)
    stage.wait(120)
    assert metric(stage, "HTTPCode_ELB_5XX_Count", "Sum", 2, grouped=False)[0] > 300
    assert metric(stage, "HTTPCode_ELB_5XX_Count", "Sum", 2) == []
    for grouped in (True, False):
        assert metric(stage, "HTTPCode_Target_5XX_Count", "Sum", 2, grouped=grouped) == []
    assert metric(stage, "ServerErrors", "Sum", 2, "ial/dev") == [0, 0]
    # What comes next begins with whole groups.
    stage.wait(600)


def both(alarm: str, missing: str = "notBreaching", period: int = 60) -> dict[str, Any]:
    """An alarm on the errors of targets and of the load balancer, as the stack has it."""
    metrics = [("HTTPCode_Target_5XX_Count", {"TargetGroup": GROUP}), ("HTTPCode_ELB_5XX_Count", {})]
    queries = [
        {
            "Id": f"m{number}",
            "ReturnData": False,
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/ApplicationELB",
                    "MetricName": name,
                    "Dimensions": [
                        {"Name": key, "Value": value} for key, value in ({"LoadBalancer": BALANCER} | more).items()
                    ],
                },
                "Period": period,
                "Stat": "Sum",
            },
        }
        for number, (name, more) in enumerate(metrics, 1)
    ]
    return {
        "AlarmName": alarm,
        "Metrics": [{"Id": "e1", "Expression": "FILL(m1, 0) + FILL(m2, 0)", "ReturnData": True}, *queries],
        "EvaluationPeriods": 1,
        "Threshold": 300,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": missing,
    }


@pytest.mark.parametrize(
    ("fault", "design"),
    [
        # Errors of the load balancer alone, and of the targets alone.
        (HIDE, {"retries": False}),
        (LATENCY, {"capacity": 35}),
    ],
)
def test_an_alarm_on_what_users_get_stops_the_experiment(
    stage: Stage, alarm: str, fault: dict[str, Any], design: dict[str, Any]
) -> None:
    stage.client("cloudwatch").put_metric_alarm(**both(ALARM))
    stage.begin(design)
    assert state(stage) == "OK"
    id_ = start(stage, fault, alarm)
    stage.wait(150)
    assert shown(stage, id_)["state"]["status"] == "stopped"
    stage.wait(180)
    assert state(stage) == "OK"


def test_metric_math_is_answered(stage: Stage, alarm: str) -> None:
    begun = stage.begin({"retries": False})
    start(stage, HIDE, alarm)
    stage.wait(60)
    asked = {"StartTime": datetime.fromtimestamp(begun - 60, UTC), "EndTime": datetime.fromtimestamp(begun + 60, UTC)}
    queries = both(ALARM)["Metrics"]
    found = stage.client("cloudwatch").get_metric_data(MetricDataQueries=queries, **asked)["MetricDataResults"]
    [result] = found
    assert (result["Id"], len(result["Values"])) == ("e1", 1)
    assert result["Values"] == metric(stage, "HTTPCode_ELB_5XX_Count", "Sum", 1, grouped=False)


def test_an_alarm_that_is_on_fails_the_gate(stage: Stage, alarm: str) -> None:
    stage.begin()
    stage.client("cloudwatch").set_alarm_state(AlarmName=ALARM, StateValue="INSUFFICIENT_DATA", StateReason="test")
    id_ = start(stage, LATENCY, alarm)
    stage.wait(10)
    assert shown(stage, id_)["state"]["status"] == "failed"


def test_the_same_token_starts_nothing_new(stage: Stage, alarm: str) -> None:
    stage.begin()
    fis = stage.client("fis")
    id_ = start(stage, LATENCY, alarm, token="same")
    template = shown(stage, id_)["experimentTemplateId"]
    again = fis.start_experiment(clientToken="same", experimentTemplateId=template)["experiment"]
    assert again["id"] == id_
    assert [held["id"] for held in fis.list_experiments()["experiments"]] == [id_]


def test_stopping_undoes_the_fault(stage: Stage, alarm: str) -> None:
    stage.begin()
    id_ = start(stage, LATENCY, alarm)
    stage.wait(60)
    stage.client("fis").stop_experiment(id=id_)
    assert shown(stage, id_)["state"]["status"] == "stopping"
    stage.wait(10)
    assert shown(stage, id_)["state"]["status"] == "stopped"
    with pytest.raises(ClientError, match="ValidationException"):
        stage.client("fis").stop_experiment(id=id_)


def test_the_safety_lever_stops_what_runs_and_cancels_what_begins(stage: Stage, alarm: str) -> None:
    stage.begin()
    fis = stage.client("fis")
    first = start(stage, LATENCY, alarm)
    stage.wait(30)
    fis.update_safety_lever_state(id="default", state={"status": "engaged", "reason": "enough"})
    stage.wait(10)
    assert shown(stage, first)["state"]["status"] == "stopped"
    assert fis.get_safety_lever(id="default")["safetyLever"]["state"]["status"] == "engaged"
    second = start(stage, LATENCY, alarm)
    assert shown(stage, second)["state"]["status"] == "cancelled"


def test_nothing_is_done_when_all_is_skipped(stage: Stage, alarm: str) -> None:
    stage.begin()
    id_ = start(stage, TERMINATE, alarm, experimentOptions={"actionsMode": "skip-all"})
    stage.wait(60)
    assert shown(stage, id_)["actions"]["fault"]["state"]["status"] == "skipped"
    assert health(stage) == ["healthy", "healthy"]
    assert len(stage.client("fis").list_experiment_resolved_targets(experimentId=id_)["resolvedTargets"]) == 1


@pytest.mark.parametrize(
    ("faults", "status", "action"),
    [
        ({"alarm": ALARM, "alarm_after": 30}, "stopped", "stopped"),
        ({"lever_after": 30}, "stopped", "stopped"),
        ({"skip_action": "fault"}, "completed", "skipped"),
        ({"hit_fewer": 1}, "failed", "cancelled"),
        ({"fail_with": "AuthorizationFailure"}, "failed", "cancelled"),
        ({"never_ends": True}, "running", "completed"),
        ({"status": "paused", "never_ends": True}, "paused", "completed"),
        ({"no_effect": True}, "completed", "completed"),
    ],
)
def test_knobs(stage: Stage, alarm: str, faults: dict[str, Any], status: str, action: str) -> None:
    stage.begin(faults=faults)
    id_ = start(stage, LATENCY, alarm)
    stage.wait(300)
    found = shown(stage, id_)
    assert (found["state"]["status"], found["actions"]["fault"]["state"]["status"]) == (status, action)
    slow = max(metric(stage, "TargetResponseTime", "p99", 5)) > 0.2
    assert slow == (
        faults
        not in [{"skip_action": "fault"}, {"hit_fewer": 1}, {"fail_with": "AuthorizationFailure"}, {"no_effect": True}]
    )


def test_fis_can_be_silent_for_a_while(stage: Stage, alarm: str) -> None:
    stage.begin(faults={"silent_from": 30, "silent_until": 60})
    id_ = start(stage, LATENCY, alarm)
    stage.wait(30)
    with pytest.raises(ClientError, match="ThrottlingException"):
        shown(stage, id_)
    stage.wait(30)
    assert shown(stage, id_)["state"]["status"] == "running"


def test_a_rehearsal_repeats_itself(stage: Stage, alarm: str) -> None:
    seen = []
    for _ in range(2):
        stage.begin({"seed": 7})
        start(stage, CUT, alarm)
        stage.wait(240)
        seen.append([metric(stage, name, "Sum", 4, "ial/dev") for name in ("Requests", "DegradedResponses", "Retries")])
        stage.wait(600)
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"design": {"speed": 1}}, "unknown key 'speed'"),
        ({"faults": {"oops": 1}}, "unknown key 'oops'"),
        ({"faults": {"hit_fewer": "1"}}, "hit_fewer is '1'; accepted: a int"),
    ],
)
def test_what_a_rehearsal_does_not_know_is_refused(stage: Stage, document: dict[str, Any], said: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as raised:
        stage.ask("PUT", "/ial/rehearsal", document)
    assert said in json.loads(raised.value.read())["message"]


def test_what_does_not_exist(stage: Stage) -> None:
    stage.begin()
    fis = stage.client("fis")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        fis.get_experiment(id="EXP0")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        fis.start_experiment(clientToken="x", experimentTemplateId="EXT0")


def test_fis_writes_its_log_as_documented(stage: Stage, alarm: str) -> None:
    logs, fis, group = stage.client("logs"), stage.client("fis"), "/rehearsal/fis"
    logs.create_log_group(logGroupName=group)
    stage.begin()
    template = fis.create_experiment_template(
        clientToken="t" + str(datetime.now(UTC).timestamp()),
        description="logged",
        stopConditions=[{"source": "none"}],
        targets=INSTANCES,
        actions={"fault": TERMINATE, "unknown": {"actionId": "aws:none:such", "startAfter": ["fault"]}},
        roleArn=ROLE,
        logConfiguration={
            "logSchemaVersion": 2,
            "cloudWatchLogsConfiguration": {"logGroupArn": f"arn:aws:logs:us-east-1:123456789012:log-group:{group}:*"},
        },
    )["experimentTemplate"]["id"]
    id_ = fis.start_experiment(clientToken="once", experimentTemplateId=template)["experiment"]["id"]
    stage.wait(30)
    found = logs.get_log_events(logGroupName=group, logStreamName=id_)["events"]
    records = [json.loads(held["message"]) for held in found]
    logs.delete_log_group(logGroupName=group)
    assert {*map(frozenset, records)} == {frozenset({"id", "log_type", "event_timestamp", "version", "details"})}
    kinds = [record["log_type"] for record in records]
    assert kinds[0] == "experiment-start"
    assert kinds[-1] == "experiment-end"
    assert kinds.count("action-error") == kinds.count("action-start") - 1 == 1
