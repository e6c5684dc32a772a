"""What is told of experiments: AWS's own sample records against the filter, and EventBridge's way to the topic."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from components.chaos.chaos import Chaos, ChaosArgs, run_markers
from components.chaos.chaos_log import FAILURES
from components.observability.dashboard_body import stack_body
from components.omissions import omissions
from components.settings import Settings
from tests.components.chaos.test_chaos import shipped
from tests.components.conftest import TOPIC

# The example records of https://docs.aws.amazon.com/fis/latest/userguide/monitoring-logging.html, by their kind.
STAMP = {"id": "EXPhjAXCGY78HV2a4A", "event_timestamp": "2023-05-31T18:50:56Z", "version": "2"}
SAMPLES: dict[str, dict[str, Any]] = {
    "action-start": {
        "action_name": "Reboot",
        "action_id": "aws:ec2:reboot-instances",
        "action_start_time": "2023-05-31T18:50:56Z",
        "action_targets": {"Instances": "EC2InstancesToReboot"},
    },
    "action-error": {
        "action_name": "pause-io",
        "action_id": "aws:ebs:pause-volume-io",
        "account_id": "123456789012",
        "action_state": {"status": "failed", "reason": "Unable to start Pause Volume IO."},
    },
    "action-end": {
        "action_name": "Reboot",
        "action_id": "aws:ec2:reboot-instances",
        "action_end_time": "2023-05-31T18:50:56Z",
        "action_state": {"status": "completed", "reason": "Action was completed."},
    },
}
KINDS = (
    *("experiment-start", "target-resolution-start", "target-resolution-detail", "target-resolution-end"),
    *("action-start", "action-error", "action-end", "experiment-end"),
)


def matches(pattern: str, record: dict[str, Any]) -> bool:
    """A JSON filter pattern of one equation, as CloudWatch Logs reads it; others are an error of the test."""
    found = re.fullmatch(r'\{ \$\.([\w.]+) = "([^"*]+)" \}', pattern)
    assert found is not None, pattern
    value: Any = record
    for part in found[1].split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return bool(value == found[2])


@pytest.mark.parametrize("kind", KINDS)
def test_a_failed_action_counts_and_nothing_else_does(kind: str) -> None:
    record = {**STAMP, "log_type": kind, "details": SAMPLES.get(kind, {})}
    assert matches(FAILURES, record) is (kind == "action-error")


@pytest.fixture
def built(run: Any, settings: Callable[..., Settings]) -> Callable[..., Any]:
    def build(**values: Any) -> Any:
        given = settings(**values)
        args = ChaosArgs(settings=given, experiments=shipped(), topic_arn=TOPIC, records_table="ial-dev-records")
        return run(lambda: Chaos("chaos", args))

    return build


def test_events_reach_the_topic_with_a_role_of_the_target(built: Callable[..., Any]) -> None:
    found = built()
    target, rule = found.one("aws:cloudwatch/eventTarget:EventTarget"), found.one("aws:cloudwatch/eventRule:EventRule")
    role = found.of("aws:iam/role:Role")["chaos-log-teller"]
    assert target["roleArn"].endswith(":chaos-log-teller")
    [trust] = json.loads(role["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "events.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": f"arn:aws:events:us-east-1:123456789012:rule/{rule['name']}"},
    }
    [may] = json.loads(found.of("aws:iam/rolePolicy:RolePolicy")["chaos-log-teller-policy"]["policy"])["Statement"]
    assert (may["Action"], may["Resource"]) == (["sns:Publish"], [TOPIC])


def test_without_experiments_there_is_no_log(
    built: Callable[..., Any], settings: Callable[..., Settings], workload: dict[str, Any]
) -> None:
    left = {"workload": {key: workload[key] for key in ("ecsCluster", "ecsService", "tables", "logGroups")}}
    found = built(**left)
    for token in ("logGroup:LogGroup", "metricAlarm:MetricAlarm", "logMetricFilter:LogMetricFilter"):
        assert found.of(f"aws:cloudwatch/{token}") == {}
    assert found.of("aws:fis/experimentTemplate:ExperimentTemplate") == {}
    said = [omission.feature for omission in omissions(settings(**left), shipped())]
    assert "chaos log and its alarm" in said
    assert "chaos log and its alarm" not in [held.feature for held in omissions(settings(), shipped())]
    assert len(built().of("aws:cloudwatch/logGroup:LogGroup")) == 1


def test_tasks_beside_instances_are_named_as_out_of_reach(
    settings: Callable[..., Settings], workload: dict[str, Any]
) -> None:
    alone = {key: value for key, value in workload.items() if key != "ecsService"}

    def said(given: Settings) -> list[str]:
        return [held.reason for held in omissions(given, shipped()) if "awsvpc" in held.feature]

    [reason] = said(settings())
    assert reason.startswith("network-latency, alb-health-check")
    assert said(settings(workload=alone)) == []


def test_the_dashboard_shows_events_that_reached_nobody(
    built: Callable[..., Any], settings: Callable[..., Settings]
) -> None:
    rule = built().one("aws:cloudwatch/eventRule:EventRule")["name"]
    widgets = json.loads(stack_body(settings(), ()))["widgets"]
    shown = [line for widget in widgets for line in widget["properties"].get("metrics", [])]
    assert ["AWS/Events", "FailedInvocations", "RuleName", rule, {"stat": "Sum"}] in shown


# The fields of a record, by the schema of the same page.
FIELDS = {
    *("@timestamp", "id", "log_type", "details.action_name", "details.action_id", "details.experiment_template_id"),
    *(f"details.{of}_state.{what}" for of in ("action", "experiment") for what in ("status", "reason")),
}


def test_the_queries_ask_for_what_is_written(built: Callable[..., Any]) -> None:
    found = built().of("aws:cloudwatch/queryDefinition:QueryDefinition")
    assert {held["name"].split(":")[0] for held in found.values()} == {"ial-dev-runs", "ial-dev-faults"}
    for held in found.values():
        assert held["logGroupNames"] == ["/ial/dev/chaos"]
        query = held["queryString"]
        asked = query.split("\n")[0].removeprefix("fields ").split(", ")
        assert {field.split(" as ")[0] for field in asked} <= FIELDS
        assert {*re.findall(r'"([\w-]+)"', query)} <= {*KINDS}


@pytest.mark.parametrize(
    ("given", "alarms"),
    [
        ({}, {"chaos-action-failed", "pipeline"}),
        ({"goals": {"scoreBelow": 70}}, {"chaos-action-failed", "pipeline", "score-drop"}),
        ({"goals": {"scoreBelow": 70}, "stage": 4}, {"chaos-action-failed", "pipeline"}),
        ({"chaos": {"starter": "none"}}, {"chaos-action-failed"}),
        ({"workload": {}}, set()),
    ],
)
def test_the_dashboard_shows_the_alarms_that_are_there(
    built: Callable[..., Any], settings: Callable[..., Settings], given: dict[str, Any], alarms: set[str]
) -> None:
    """An alarm that is not there would be an error on the dashboard, and one that is not shown is looked for."""
    markers = run_markers(settings(**given), shipped())
    assert {*markers.alarms} == alarms
    made = built(**given).of("aws:cloudwatch/metricAlarm:MetricAlarm").values()
    assert {held["name"] for held in made} == {f"ial-dev-{name}" for name in alarms}
    widgets = json.loads(stack_body(settings(**given), (), markers))["widgets"]
    shown = [arn for widget in widgets for arn in widget["properties"].get("alarms", [])]
    assert {arn.rpartition(":")[2] for arn in shown} == {held["name"] for held in made}
    drawn = [widget["properties"] for widget in widgets if widget["type"] == "log"]
    assert len(drawn) == (2 if alarms else 0)
    assert all(held["query"].startswith("SOURCE '/ial/dev/chaos' | ") for held in drawn)
