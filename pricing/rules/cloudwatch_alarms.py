"""CloudWatch alarms: billed by the metrics they reference, by resolution, by kind."""

from __future__ import annotations

import json
from collections.abc import Iterator

from contract.names import PRICED_WITH_ALARM
from pricing.billing import Billing, Unbounded
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey, free, priced
from pricing.resource import UNKNOWN, Plain
from pricing.rules.arithmetic import shown
from pricing.rules.schedules import hours_share

_ANOMALY_OPERATORS = frozenset(
    {"LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold"}
)
_HIGH_RESOLUTION_BELOW = 60  # seconds


@priced(
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    usage=[
        UsageKey(
            name="alarm_metrics",
            unit="metrics",
            meaning="metrics that the alarm references, if `metricQueries` is unknown",
        ),
        UsageKey(name="period_seconds", unit="seconds", meaning="period of the alarm when a period is unknown"),
        UsageKey(name="metrics_analysed", unit="metrics", meaning="metrics that a Metrics Insights query analyses"),
        UsageKey(name="contributors", unit="contributors", meaning="series that a PromQL query returns"),
        UsageKey(
            name="hours_sent",
            unit="hours",
            meaning="hours a month in which runners publish a metric that is there for this alarm alone",
            default="730",
        ),
    ],
)
def metric_alarm(b: Billing) -> Iterator[LineItem]:
    """Standard or high-resolution alarm metrics; three of them for each metric of an anomaly alarm."""
    if b.resource.get("evaluationCriteria.promqlCriteria") is not None:
        yield b.usage_item("Alarm on a PromQL query", "cloudwatch.alarm.promql", "contributors")
        return
    queries = [] if _all_unknown(b) else b.items_of("metricQueries")
    expressions = [text for query in queries if isinstance(text := _part(query, "expression"), str)]
    if any(text.lstrip().upper().startswith("SELECT") for text in expressions):
        yield b.usage_item("Alarm on a Metrics Insights query", "cloudwatch.alarm.metrics_insights", "metrics_analysed")
        return
    metrics = _alarm_metrics(b) if _all_unknown(b) else Quantity.exact(_metrics(queries))
    high = _is_high_resolution(b, queries)
    kind = "high resolution" if high else "standard"
    key = "cloudwatch.alarm.high_resolution" if high else "cloudwatch.alarm.standard"
    if _is_anomaly(b, expressions):
        formula = f"{shown(metrics)} metric(s) x 3: the metric, its upper and its lower band"
        yield b.item(f"Anomaly alarm metrics ({kind})", key, metrics * 3, formula)
    else:
        yield b.item(f"Alarm metrics ({kind})", key, metrics, f"{shown(metrics)} metric(s) referenced")
    if b.resource.get("metricName") is not UNKNOWN and b.text("metricName", "") in PRICED_WITH_ALARM:
        hours = b.used("hours_sent")
        formula = f"1 metric x {shown(hours)} of {shown(b.hours)} hours"
        yield b.item("Custom metrics", "cloudwatch.metric", hours_share(hours, b.hours), formula)


@priced("aws:cloudwatch/compositeAlarm:CompositeAlarm")
def composite_alarm(b: Billing) -> Iterator[LineItem]:
    """One price for the composite; the alarms it combines are billed by themselves."""
    yield b.item("Composite alarm", "cloudwatch.alarm.composite", 1, "1 alarm")


def _all_unknown(b: Billing) -> bool:
    return b.resource.get("metricQueries") is UNKNOWN


def _alarm_metrics(b: Billing) -> Quantity:
    declared = b.use("alarm_metrics")
    if declared is None:
        raise Unbounded("metricQueries", "alarm_metrics")
    return declared


def _part(query: Plain, name: str) -> Plain:
    return UNKNOWN if query is UNKNOWN else query.get(name) if isinstance(query, dict) else None


def _metrics(queries: list[Plain]) -> int:
    """Metrics referenced by metric math: distinct `metric` entries; a query that is unknown counts as one."""
    found: set[str] = set()
    for index, query in enumerate(queries):
        metric = _part(query, "metric")
        if metric is not None:
            found.add(str(index) if metric is UNKNOWN else json.dumps(metric, sort_keys=True, default=str))
    return len(found) or 1


def _is_high_resolution(b: Billing, queries: list[Plain]) -> bool:
    if not queries and not _all_unknown(b):
        period = b.number("period", unknown="period_seconds", default=_HIGH_RESOLUTION_BELOW)
        return period.minimum < _HIGH_RESOLUTION_BELOW
    periods = [_part(query, "period") for query in queries]
    periods += [_part(_part(query, "metric"), "period") for query in queries]
    if UNKNOWN in periods or _all_unknown(b):
        declared = b.use("period_seconds")
        b.bounded.append("metricQueries")
        if declared is None or declared.minimum < _HIGH_RESOLUTION_BELOW:
            return True
    return any(_is_fast(period) for period in periods if period not in (None, UNKNOWN))


def _is_fast(period: Plain) -> bool:
    try:
        return float(str(period)) < _HIGH_RESOLUTION_BELOW
    except ValueError:
        return True  # not a number: priced as the dearer resolution


def _is_anomaly(b: Billing, expressions: list[str]) -> bool:
    if b.resource.get("thresholdMetricId") is not None:
        return True
    if any("ANOMALY_DETECTION_BAND" in text.upper() for text in expressions):
        return True
    return b.text("comparisonOperator", "", unknown="GreaterThanUpperThreshold") in _ANOMALY_OPERATORS


free(
    "aws:cloudwatch/alarmMuteRule:AlarmMuteRule",
    why="a mute rule only holds back actions; the alarms keep their price",
    source="https://aws.amazon.com/cloudwatch/pricing/",
)
