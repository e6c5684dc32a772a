from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest

from pricing.estimate import Estimate
from pricing.resource import UNKNOWN, Resource
from pricing.rules.cloudwatch_dashboards import count_metrics

DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"


def body(*widgets: dict[str, object]) -> str:
    return json.dumps({"widgets": list(widgets)})


def graph(*rows: Sequence[object]) -> dict[str, object]:
    return {"type": "metric", "properties": {"metrics": list(rows)}}


def cpu(count: int) -> dict[str, object]:
    return graph(*(["AWS/EC2", "CPUUtilization", "InstanceId", f"i-{n}"] for n in range(count)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (body(), 0),
        (body(cpu(3), cpu(4)), 7),
        (body(graph(["AWS/ECS", "CPUUtilization"], ["...", "memory"], [{"expression": "m1/m2", "id": "e1"}])), 2),
        (body({"type": "text", "properties": {"markdown": "# Service"}}), 0),
        (body({"type": "alarm", "properties": {"alarms": ["arn"]}}), 0),
        (body({"type": "metric", "properties": {"annotations": {"alarms": ["arn:1", "arn:2"]}}}), 2),
        (body({"type": "log", "properties": {"query": "SOURCE 'x' | stats count()"}}), 0),
        (body(graph([{"expression": "SEARCH('{AWS/ECS,ServiceName}', 'Average')"}])), None),
        (body({"type": "explorer", "properties": {}}), None),
        ("not json", None),
        ('{"widgets": 3}', None),
        ("[]", None),
        ('{"widgets": [{"properties": [1]}]}', None),
        ('{"widgets": [{"properties": {"metrics": 3}}]}', None),
    ],
)
def test_metrics_are_counted_in_the_body(text: str, expected: int | None) -> None:
    assert count_metrics(text) == expected


@pytest.mark.parametrize(
    ("value", "usage", "after_free_tier"),
    [
        (body(cpu(50)), None, "0"),  # AWS free tier: 3 dashboards of up to 50 metrics
        (body(cpu(51)), None, "3"),
        (UNKNOWN, None, "3"),
        (UNKNOWN, {"metrics": 40}, "0"),
        (UNKNOWN, {"metrics": {"minimum": 40, "expected": 45, "maximum": 60}}, "3"),
        ("not json", None, "3"),
    ],
)
def test_every_dashboard_is_three_dollars_but_only_small_ones_have_an_allowance(
    declare: Callable[..., Resource], price: Callable[..., Estimate], value: object, usage: object, after_free_tier: str
) -> None:
    result = price(declare(DASHBOARD, {"dashboardBody": value}), usage=usage)
    assert result.problems == ()
    assert result.total.maximum == Decimal("3.00")  # infracost cloudwatch_dashboard_test.golden
    assert result.total_after_free_tier is not None
    assert result.total_after_free_tier.maximum == Decimal(after_free_tier)
