from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from pricing.estimate import Estimate
from pricing.quantity import Quantity
from pricing.resource import UNKNOWN, Resource

FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
PLAIN = {"metricTransformation": {"name": "Errors", "namespace": "App", "value": "1"}}
WIDE = {"metricTransformation": {"name": "Errors", "namespace": "App", "value": "1", "dimensions": {"Path": "$.path"}}}
HIDDEN = {"metricTransformation": {"name": "Errors", "dimensions": UNKNOWN}}
METRICS = "Custom metrics"
Lines = Callable[..., dict[str, Decimal | None]]


@pytest.mark.parametrize(
    ("properties", "usage", "usd", "source"),
    [
        (PLAIN, None, "0.30", "CW:MetricMonitorUsage, first 10,000"),
        (PLAIN, {"hours_sent": 73}, "0.03", "prorated by the hour: a tenth of 730 hours"),
        (PLAIN, {"hours_sent": 800}, "0.30", "a month has no more than 730 hours"),
        (WIDE, {"series": 12}, "3.60", "12 combinations x 0.30"),
        (WIDE, {"series": 12, "hours_sent": 365}, "1.80", "half a month"),
        ({"metricTransformation": {"name": "Errors", "dimensions": {}}}, None, "0.30", "no dimensions are one metric"),
        (HIDDEN, {"series": 2}, "0.60", "unknown dimensions need the count too"),
        (WIDE, {"series": 12_000}, "3200", "10,000 x 0.30 + 2,000 x 0.10"),
    ],
)
def test_a_metric_filter_is_a_custom_metric_per_series(
    lines: Lines, properties: dict[str, object], usage: dict[str, object] | None, usd: str, source: str
) -> None:
    assert lines(FILTER, properties, usage) == {METRICS: Decimal(usd)}, source


def test_dimensions_without_declared_series_are_never_one_metric(refusal: Callable[..., str]) -> None:
    assert refusal(FILTER, WIDE).startswith("undeclared-usage: it (aws:cloudwatch/logMetricFilter")
    assert "`series`" in refusal(FILTER, HIDDEN)


def test_fifteen_filters_are_four_dollars_fifty(
    declare: Callable[..., Resource], price: Callable[..., Estimate]
) -> None:
    result = price(*(declare(FILTER, PLAIN, name=f"m{n}") for n in range(15)))
    assert result.total.expected == Decimal("4.50")
    assert result.total_after_free_tier is not None
    assert result.total_after_free_tier.expected == Decimal("1.50")  # 10 custom metrics are free


def test_a_metric_stream_bills_updates_at_a_price_that_nobody_has_seen_for_a_year(
    declare: Callable[..., Resource], price: Callable[..., Estimate]
) -> None:
    # 43,800 updates of 100 metrics a minute: 4,380,000 / 1,000 x 0.003
    result = price(declare("aws:cloudwatch/metricStream:MetricStream", {}), usage={"metric_updates": 4_380_000})
    assert {item.name: item.cost for item in result.items()} == {
        "Streamed metric updates": Quantity.exact(Decimal("13.14"))
    }
    assert [problem.code for problem in result.problems] == ["stale-price"]


def test_contributor_insights_bills_rules_and_events(lines: Lines) -> None:
    token = "aws:cloudwatch/contributorInsightRule:ContributorInsightRule"
    assert lines(token, {"ruleState": "ENABLED"}, {"matched_events": 10_000_000}) == {
        "Contributor Insights rule": Decimal("0.5"),
        "Contributor Insights events": Decimal("0.2"),  # 10 M x 0.02
    }
    assert lines(token, {"ruleState": "DISABLED"}) == {"Contributor Insights rule": Decimal(0)}
    managed = "aws:cloudwatch/contributorManagedInsightRule:ContributorManagedInsightRule"
    assert lines(managed, {}, {"matched_events": 10_000_000}) == {
        "Managed Contributor Insights rule": Decimal("0.5"),
        "Managed Contributor Insights events": Decimal("0.3"),  # 10 M x 0.03
    }


def test_real_user_monitoring_bills_events(lines: Lines) -> None:
    assert lines("aws:rum/appMonitor:AppMonitor", {}, {"events": 250_000}) == {
        "Real user monitoring events": Decimal("2.5")
    }
