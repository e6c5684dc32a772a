from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from pricing.estimate import Estimate
from pricing.resource import UNKNOWN, Resource

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
STANDARD, HIGH = "Alarm metrics (standard)", "Alarm metrics (high resolution)"
ERRORS = {"metric": {"namespace": "AWS/ApplicationELB", "metricName": "HTTPCode_Target_5XX_Count", "period": 60}}
REQUESTS = {"metric": {"namespace": "AWS/ApplicationELB", "metricName": "RequestCount", "period": 60}}
RATIO = {"id": "e", "expression": "100 * errors / requests", "returnData": True}
FAST = {"metric": {"namespace": "App", "metricName": "Latency", "period": 10}}
INFRACOST = "infracost cloudwatch_metric_alarm_test.golden"
DOC = "AWS, Analyzing, optimizing, and reducing CloudWatch costs"


@pytest.mark.parametrize(
    ("properties", "line", "usd", "source"),
    [
        ({"metricName": "CPUUtilization", "period": 120}, STANDARD, "0.10", INFRACOST),
        ({"metricName": "CPUUtilization"}, STANDARD, "0.10", INFRACOST),
        ({"metricName": "CPUUtilization", "period": "60"}, STANDARD, "0.10", DOC),
        ({"metricName": "CPUUtilization", "period": 30}, HIGH, "0.30", INFRACOST),
        ({"metricQueries": [RATIO, ERRORS, REQUESTS]}, STANDARD, "0.20", INFRACOST + ": 2 metrics"),
        ({"metricQueries": [RATIO, ERRORS, ERRORS]}, STANDARD, "0.10", DOC + ": the same metric counts once"),
        (
            {"metricQueries": [ERRORS, {"metric": dict(reversed(ERRORS["metric"].items()))}]},
            STANDARD, "0.10", "the order of its keys does not matter",
        ),
        ({"metricQueries": [{**RATIO, "period": 10}, ERRORS]}, HIGH, "0.30", "a query's own period counts"),
        ({"metricQueries": [{**RATIO, "period": "soon"}, ERRORS]}, HIGH, "0.30", "what is no number is the dearer"),
        ({"metricQueries": [{**RATIO, "period": UNKNOWN}, ERRORS]}, HIGH, "0.30", "unknown periods may be fast"),
        ({"metricQueries": [RATIO, FAST, REQUESTS]}, HIGH, "0.60", DOC),
        ({"metricQueries": [RATIO, UNKNOWN, UNKNOWN]}, HIGH, "0.60", "an unknown query counts as a metric"),
        (
            {"metricName": "CPUUtilization", "comparisonOperator": "GreaterThanUpperThreshold"},
            "Anomaly alarm metrics (standard)", "0.30", DOC + ": 3 metrics per alarm",
        ),
        (
            {"metricQueries": [FAST, {"expression": "ANOMALY_DETECTION_BAND(m1)"}], "thresholdMetricId": "e1"},
            "Anomaly alarm metrics (high resolution)", "0.90", INFRACOST,
        ),
        (
            {"metricQueries": [ERRORS, {"expression": "anomaly_detection_band(m1, 2)"}]},
            "Anomaly alarm metrics (standard)", "0.30", DOC,
        ),
        ({"metricName": "x", "comparisonOperator": UNKNOWN}, "Anomaly alarm metrics (standard)", "0.30", "dearest"),
    ],
)  # fmt: skip
def test_alarms_cost_what_aws_lists(
    lines: Callable[..., dict[str, Decimal]], properties: dict[str, object], line: str, usd: str, source: str
) -> None:
    assert lines(ALARM, properties) == {line: Decimal(usd)}, source


@pytest.mark.parametrize(
    ("operator", "usd"),
    [
        ("LessThanLowerOrGreaterThanUpperThreshold", "0.30"),
        ("LessThanLowerThreshold", "0.30"),
        ("GreaterThanUpperThreshold", "0.30"),
        ("GreaterThanThreshold", "0.10"),
        ("LessThanOrEqualToThreshold", "0.10"),
    ],
)
def test_an_operator_tells_an_anomaly_alarm(lines: Callable[..., dict[str, Decimal]], operator: str, usd: str) -> None:
    (cost,) = lines(ALARM, {"metricName": "x", "comparisonOperator": operator}).values()
    assert cost == Decimal(usd)


def test_a_metrics_insights_alarm_bills_what_its_query_analyses(lines: Callable[..., dict[str, Decimal]]) -> None:
    query = {"metricQueries": [{"expression": 'SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/ECS", ServiceName)'}]}
    name = "Alarm on a Metrics Insights query"
    assert lines(ALARM, query, {"metrics_analysed": 25}) == {name: Decimal("2.5")}  # 25 x 0.10
    assert lines(ALARM, query) == {name: None}


def test_a_promql_alarm_needs_its_contributors_declared(lines: Callable[..., dict[str, Decimal]]) -> None:
    query = {"evaluationCriteria": {"promqlCriteria": {"query": "rate(errors[5m]) > 1"}}, "evaluationInterval": 60}
    assert lines(ALARM, query) == {"Alarm on a PromQL query": None}
    assert lines(ALARM, query, {"contributors": 4}) == {"Alarm on a PromQL query": Decimal("0.4")}


def test_unknown_queries_need_a_bound(lines: Callable[..., dict[str, Decimal]], refusal: Callable[..., str]) -> None:
    unknown = {"metricQueries": UNKNOWN}
    assert "declare usage `alarm_metrics`" in refusal(ALARM, unknown)
    assert lines(ALARM, unknown, {"alarm_metrics": 4, "period_seconds": 60}) == {STANDARD: Decimal("0.4")}
    assert lines(ALARM, unknown, {"alarm_metrics": 4}) == {HIGH: Decimal("1.2")}


def test_an_unknown_period_is_bounded_by_usage(
    lines: Callable[..., dict[str, Decimal]], refusal: Callable[..., str]
) -> None:
    unknown = {"metricName": "x", "period": UNKNOWN}
    assert refusal(ALARM, unknown).startswith("unbounded-unknown")
    assert lines(ALARM, unknown, {"period_seconds": 10}) == {HIGH: Decimal("0.3")}


def test_a_name_that_is_no_text_is_refused_and_one_that_is_unknown_is_not_ours(
    lines: Callable[..., dict[str, Decimal]], refusal: Callable[..., str]
) -> None:
    assert "`metricName` is []; a text is needed" in refusal(ALARM, {"metricName": []})
    assert lines(ALARM, {"metricName": UNKNOWN}) == {STANDARD: Decimal("0.1")}


def test_a_composite_alarm_is_half_a_dollar(lines: Callable[..., dict[str, Decimal]]) -> None:
    # CloudWatch Price List, CW:CompositeAlarmMonitorUsage
    assert lines("aws:cloudwatch/compositeAlarm:CompositeAlarm") == {"Composite alarm": Decimal("0.5")}


def test_ten_standard_alarm_metrics_are_within_the_free_tier(
    declare: Callable[..., Resource], price: Callable[..., Estimate]
) -> None:
    alarms = [declare(ALARM, {"metricName": "x", "period": 60}, name=f"a{n}") for n in range(12)]
    result = price(*alarms)
    assert result.total.expected == Decimal("1.20")  # 12 x 0.10
    assert result.total_after_free_tier is not None
    assert result.total_after_free_tier.expected == Decimal("0.20")  # 2 past the free 10
