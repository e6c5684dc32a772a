"""Alarms with their past, and the load balancer's days, from what CloudWatch would answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from contract.outputs import Workload
from contract.probes import Metric
from runners.analysis.alerts.designs import Recorded
from runners.aws.recorded_alarms import AwsRecordedAlarms, NotReplayable
from runners.aws.traffic import AwsTraffic
from tests.runners.chaos.conftest import ERRORS_ALARM

BEGIN = datetime(2026, 11, 20, tzinfo=UTC)
END = BEGIN + timedelta(minutes=3)
SINGLE: dict[str, Any] = {
    "Namespace": "AWS/ECS",
    "MetricName": "CPUUtilization",
    "Dimensions": [{"Name": "ServiceName", "Value": "web"}],
    "Statistic": "Average",
    "Period": 60,
    "EvaluationPeriods": 3,
    "Threshold": 80.0,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "breaching",
}
WORK = Workload(
    ecs_cluster=None,
    ecs_service=None,
    load_balancer="app/shop/1",
    target_group="targetgroup/web/2",
    auto_scaling_group=None,
    database=None,
    tables=(),
    buckets=(),
)


@dataclass
class Answers:
    """CloudWatch: alarms by name, and values by the name of their metric."""

    alarms: dict[str, dict[str, Any]] = field(default_factory=dict)
    values: dict[str, list[float | None]] = field(default_factory=dict)
    asked: list[Metric] = field(default_factory=list)

    def client(self, _: str) -> Any:
        return self

    def describe_alarms(self, **asked: Any) -> dict[str, Any]:
        return {
            "MetricAlarms": [
                {"AlarmName": name, **self.alarms[name]} for name in asked["AlarmNames"] if name in self.alarms
            ]
        }

    def series(self, metrics: Sequence[Metric], first: datetime, last: datetime) -> list[Any]:
        self.asked += metrics
        step = timedelta(seconds=metrics[0].period_seconds)
        return [
            [(first + step * number, value) for number, value in enumerate(self.values[metric.name])]
            for metric in metrics
        ]


def recorded(answers: Answers, *names: str) -> list[Recorded | NotReplayable]:
    requests = AwsTraffic(answers, WORK).minutes()  # type: ignore[arg-type]
    alarms = AwsRecordedAlarms(answers, answers, requests)  # type: ignore[arg-type]
    return list(alarms.recorded(names, BEGIN, END))


def test_a_sum_of_errors_is_evaluated_with_the_requests_beside_it() -> None:
    values: dict[str, list[float | None]] = {
        "HTTPCode_Target_5XX_Count": [1, None, 3],
        "HTTPCode_ELB_5XX_Count": [None, None, 4],
        "RequestCount": [100, 90, 80],
    }
    [found] = recorded(Answers({"errors": ERRORS_ALARM}, values), "errors")
    assert isinstance(found, Recorded)
    assert (found.points, found.requests, found.metrics) == ([1, 0, 7], [100, 90, 80], 2)
    assert (found.rule.datapoints, found.rule.periods, found.rule.threshold) == (3, 5, 5)


def test_an_alarm_on_one_metric_keeps_its_gaps_and_has_no_requests() -> None:
    [found] = recorded(Answers({"cpu": SINGLE}, {"CPUUtilization": [10, None, 90]}), "cpu")
    assert isinstance(found, Recorded)
    assert (found.points, found.requests, found.rule.datapoints, found.rule.missing) == (
        [10, None, 90],
        None,
        3,
        "breaching",
    )


@pytest.mark.parametrize(
    "alarm",
    [
        {"AlarmRule": "ALARM(x)"},
        SINGLE | {"ComparisonOperator": "LessThanLowerThreshold"},
        SINGLE | {"MetricName": None, "Metrics": [{"Id": "q", "Expression": "SELECT 1", "Period": 60}]},
        SINGLE | {"Period": 10 * 9},
    ],
)
def test_what_cannot_be_replayed_is_said(alarm: dict[str, Any]) -> None:
    [found, gone] = recorded(Answers({"x": alarm}), "x", "gone")
    assert isinstance(found, NotReplayable)
    assert gone == NotReplayable("gone", "CloudWatch has no such alarm")


def test_days_without_a_request_are_none_and_errors_are_never_fewer_than_seen() -> None:
    answers = Answers(values={"RequestCount": [100, None, 10], "HTTPCode_Target_5XX_Count": [1, 0, 50]})
    days = AwsTraffic(answers, WORK).days(BEGIN - timedelta(days=1), BEGIN)  # type: ignore[arg-type]
    assert [(day.day, day.requests, day.failed) for day in days] == [
        (date(2026, 11, 19), 100, 1),
        (date(2026, 11, 21), 50, 50),
    ]
    assert answers.asked[1].plus[0].dimensions == {"LoadBalancer": "app/shop/1"}
