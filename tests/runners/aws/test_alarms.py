"""Whether alarms have data: of one metric, and of metric math."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from runners.aws.alarms import AwsAlarms, limit_of
from runners.aws.session import AwsClients
from runners.chaos.before.alarm_limit import AlarmLimit
from runners.chaos.before.preflight import FRESH_DATA
from runners.chaos.judging.alert_accuracy import StateChange
from runners.runs.clock import SystemClock

pytestmark = pytest.mark.cloud
NAME = "recent-data"
MINUTE = timedelta(minutes=1)
# The metric of each letter reports in every minute, or never does.
SILENT, A, B = "Silent", "A", "B"


@pytest.fixture
def alarms(clients: AwsClients) -> Iterator[AwsAlarms]:
    watch, now = clients.client("cloudwatch"), datetime.now(UTC).replace(second=0, microsecond=0)
    data: list[Any] = [
        {"MetricName": name, "Dimensions": [{"Name": "Test", "Value": NAME}], "Timestamp": now - number * MINUTE}
        | {"Value": number}
        for name in (A, B)
        for number in range(10)
    ]
    watch.put_metric_data(Namespace="test/alarms", MetricData=data)
    yield AwsAlarms(clients, SystemClock())
    watch.delete_alarms(AlarmNames=[NAME])


def put(alarms: AwsAlarms, missing: str, *metrics: str, expression: str | None = None) -> None:
    """An alarm on one metric, or on an expression over metrics m1, m2, ..."""
    named = [
        {"Namespace": "test/alarms", "MetricName": name, "Dimensions": [{"Name": "Test", "Value": NAME}]}
        for name in metrics
    ]
    watched: dict[str, Any] = {**named[0], "Period": 60, "Statistic": "Sum"}
    if expression is not None:
        queries = [
            {"Id": f"m{number}", "ReturnData": False, "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}
            for number, metric in enumerate(named, 1)
        ]
        watched = {"Metrics": [{"Id": "e1", "Expression": expression, "ReturnData": True}, *queries]}
    alarms.clients.client("cloudwatch").put_metric_alarm(
        AlarmName=NAME,
        EvaluationPeriods=3,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData=missing,
        **watched,
    )


@pytest.mark.parametrize(
    ("missing", "metrics", "expression", "recent"),
    [
        ("breaching", (A,), None, FRESH_DATA),
        ("breaching", (SILENT,), None, 0),
        ("breaching", (A, B), "m1 + m2", FRESH_DATA),
        # One metric that does not exist, and the sum is never there.
        ("breaching", (A, SILENT), "m1 + m2", 0),
        ("missing", (A, SILENT), "m1 + m2", 0),
        ("missing", (A, SILENT), "FILL(m1, 0) + FILL(m2, 0)", FRESH_DATA),
        ("missing", (SILENT, SILENT), "FILL(m1, 0) + FILL(m2, 0)", 0),
        # Who says that silence is good news is not asked whether there is any.
        ("notBreaching", (SILENT,), None, None),
        ("notBreaching", (SILENT, SILENT), "FILL(m1, 0) + FILL(m2, 0)", None),
        ("ignore", (A, SILENT), "m1 + m2", None),
    ],
)
def test_recent_data(
    alarms: AwsAlarms, missing: str, metrics: tuple[str, ...], expression: str | None, recent: int | None
) -> None:
    put(alarms, missing, *metrics, expression=expression)
    found = alarms.situations([NAME])[NAME]
    assert found is not None
    assert found.recent_data == recent
    assert found.metrics == tuple(f"test/alarms/{name}" for name in metrics)


def test_an_alarm_whose_metrics_a_query_finds(alarms: AwsAlarms) -> None:
    query: Any = {"Id": "q1", "Expression": f'SELECT SUM({A}) FROM "test/alarms"', "Period": 60, "ReturnData": True}
    alarms.clients.client("cloudwatch").put_metric_alarm(
        AlarmName=NAME,
        EvaluationPeriods=3,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="missing",
        Metrics=[query],
    )
    found = alarms.situations([NAME])[NAME]
    assert found is not None
    assert (found.metrics, found.limit, found.recent_data) == ((), None, FRESH_DATA)


def test_an_alarm_of_a_kind_that_nobody_can_ask_is_blind(alarms: AwsAlarms, monkeypatch: pytest.MonkeyPatch) -> None:
    described = {"AlarmName": NAME, "StateValue": "OK", "EvaluationCriteria": {"PromQLCriteria": {"Query": "up"}}}
    monkeypatch.setattr(AwsAlarms, "_described", lambda *_: iter([described]))
    found = alarms.situations([NAME])[NAME]
    assert found is not None
    assert (found.metrics, found.recent_data) == ((), 0)


def test_changes_of_one_instant_keep_their_order(alarms: AwsAlarms, monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
    newest_first = [StateChange(NAME, at, "OK"), StateChange(NAME, at, "ALARM"), StateChange(NAME, at - MINUTE, "OK")]
    monkeypatch.setattr(AwsAlarms, "_history", lambda *_: iter(newest_first))
    put(alarms, "missing", A)
    assert [change.state for change in alarms.changes([NAME], at - 2 * MINUTE, at)] == ["OK", "ALARM", "OK"]


def test_states_of_those_that_exist(alarms: AwsAlarms) -> None:
    put(alarms, "missing", A)
    alarms.clients.client("cloudwatch").set_alarm_state(AlarmName=NAME, StateValue="ALARM", StateReason="a test")
    assert alarms.states([NAME, "nobody"]) == {NAME: "ALARM"}


def test_changes_of_one_instant_stay_in_their_order(alarms: AwsAlarms, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS tells the newest first, and two of one millisecond carry the same time."""
    put(alarms, "missing", A)
    now = datetime.now(UTC)
    told = [
        {"AlarmName": NAME, "Timestamp": now, "HistoryData": json.dumps({"newState": {"stateValue": state}})}
        for state in ("OK", "ALARM", "INSUFFICIENT_DATA")
    ]
    watch = alarms.clients.client("cloudwatch")
    monkeypatch.setattr(watch, "describe_alarm_history", lambda **_: {"AlarmHistoryItems": told})
    found = alarms.changes([NAME], now - MINUTE, now + MINUTE)
    assert [change.state for change in found] == ["INSUFFICIENT_DATA", "ALARM", "OK"]


def test_the_history_of_what_has_not_moved_is_not_asked_for(alarms: AwsAlarms) -> None:
    put(alarms, "missing", A)
    watch, asked, now = alarms.clients.client("cloudwatch"), list[Any](), datetime.now(UTC)

    def note(**seen: Any) -> None:
        asked.append(seen)

    watch.meta.events.register("before-call.cloudwatch.DescribeAlarmHistory", note)
    try:
        assert alarms.changes([NAME], now + MINUTE, now + 2 * MINUTE) == []
        assert asked == []
        alarms.changes([NAME], now - MINUTE, now + MINUTE)
        assert len(asked) == 1
    finally:
        watch.meta.events.unregister("before-call.cloudwatch.DescribeAlarmHistory", note)


def queried(expression: str, *measures: tuple[str, int]) -> list[dict[str, Any]]:
    """Metrics m1, m2, ... with their statistics and periods, and an expression over them."""
    return [
        {"Id": "e1", "Expression": expression},
        *(
            {"Id": f"m{at}", "MetricStat": {"Stat": stat, "Period": period}}
            for at, (stat, period) in enumerate(measures, 1)
        ),
    ]


SUM, MEAN, LONG = ("Sum", 60), ("Average", 60), ("Sum", 300)
RISING: dict[str, Any] = {"Threshold": 5.0, "ComparisonOperator": "GreaterThanOrEqualToThreshold"}
LIMIT = AlarmLimit(value=5, upwards=True, included=True, stat="Sum", period_seconds=60)


@pytest.mark.parametrize(
    ("alarm", "limit"),
    [
        ({"Statistic": "Sum", "Period": 60}, LIMIT),
        ({"ExtendedStatistic": "p99", "Period": 60}, replace(LIMIT, stat="p99")),
        (
            {"Statistic": "Sum", "Period": 60, "ComparisonOperator": "GreaterThanThreshold"},
            replace(LIMIT, included=False),
        ),
        (
            {"Statistic": "Sum", "Period": 60, "ComparisonOperator": "LessThanOrEqualToThreshold"},
            replace(LIMIT, upwards=False),
        ),
        ({"Metrics": queried("FILL(m1, 0) + FILL(m2,0)", SUM, SUM)}, LIMIT),
        ({"Metrics": queried("m1+m2 + FILL(m3, 0)", SUM, SUM, SUM)}, LIMIT),
        # A share, a range and what is measured in two ways is no number to compare a tolerance with.
        ({"Metrics": queried("m1 / m2", SUM, SUM)}, None),
        ({"Metrics": queried("FILL(m1, REPEAT) + m2", SUM, SUM)}, None),
        ({"Metrics": queried("m1 + m2", SUM, MEAN)}, None),
        ({"Metrics": queried("m1 + m2", SUM, LONG)}, None),
        ({"Statistic": "Sum", "Period": 60, "ComparisonOperator": "GreaterThanUpperThreshold"}, None),
        ({"Metrics": [{"Id": "q1", "Expression": "SELECT SUM(A) FROM SCHEMA(x)", "Period": 60}]}, None),
        ({"EvaluationCriteria": {"PromQLCriteria": {"Query": "up"}}, "MetricName": None}, None),
    ],
)
def test_where_an_alarm_rings(alarm: dict[str, Any], limit: AlarmLimit | None) -> None:
    assert limit_of(RISING | alarm) == limit


def test_the_limit_is_that_of_the_alarm_as_it_is(alarms: AwsAlarms) -> None:
    put(alarms, "missing", A, B, expression="FILL(m1, 0) + FILL(m2, 0)")
    found = alarms.situations([NAME])[NAME]
    assert found is not None
    assert found.limit == replace(LIMIT, value=1, included=False)
