"""What GetMetricData answers about a few metrics among many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.endpoint import Endpoint

pytestmark = pytest.mark.cloud
BEGIN = datetime(2026, 11, 25, 8, tzinfo=UTC)
SHOP = [{"Name": "Shop", "Value": "web"}]
PUT: list[tuple[str, str, list[dict[str, str]], float]] = [
    ("Ours", "Errors", SHOP, 1.0),
    ("Ours", "Errors", [], 2.0),
    ("Ours", "Calls", SHOP, 4.0),
    ("Theirs", "Errors", SHOP, 8.0),
    ("Theirs", "Errors", [], 16.0),
]


@pytest.fixture
def cloudwatch(endpoint: Endpoint) -> Any:
    found: Any = endpoint.client("cloudwatch")
    for namespace, name, dimensions, value in PUT:
        datum = {"MetricName": name, "Dimensions": dimensions, "Value": value, "Timestamp": BEGIN}
        found.put_metric_data(Namespace=namespace, MetricData=[datum])
    return found


def values(cloudwatch: Any, *metrics: tuple[str, str, list[dict[str, str]]]) -> list[list[float]]:
    """The maximum of each in the one minute."""
    asked = [
        {"Namespace": namespace, "MetricName": name, "Dimensions": dimensions}
        for namespace, name, dimensions in metrics
    ]
    queries = [
        {"Id": f"m{number}", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Maximum"}}
        for number, metric in enumerate(asked)
    ]
    end = BEGIN + timedelta(minutes=1)
    found = cloudwatch.get_metric_data(MetricDataQueries=queries, StartTime=BEGIN, EndTime=end)["MetricDataResults"]
    return [held["Values"] for held in found]


@pytest.mark.parametrize(("namespace", "name", "dimensions", "value"), [put for put in PUT if put[2]])
def test_a_metric_has_its_own_values(
    cloudwatch: Any, namespace: str, name: str, dimensions: list[dict[str, str]], value: float
) -> None:
    assert values(cloudwatch, (namespace, name, dimensions)) == [[value]]


def test_several_are_answered_in_their_order(cloudwatch: Any) -> None:
    assert values(cloudwatch, ("Ours", "Calls", SHOP), ("Ours", "Errors", SHOP)) == [[4.0], [1.0]]


def test_what_nobody_put_has_none(cloudwatch: Any) -> None:
    assert values(cloudwatch, ("Ours", "Sales", []), ("Nobody's", "Errors", [])) == [[], []]
