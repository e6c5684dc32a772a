"""CloudWatch metrics that resources create: log metric filters, streams, Contributor Insights, real user monitoring."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pricing.billing import Billing
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey, free, priced
from pricing.rules.arithmetic import shown
from pricing.rules.schedules import hours_share

_PAGE = "https://aws.amazon.com/cloudwatch/pricing/"
_BILLING_DOC = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_billing.html"
_MILLION = 1_000_000
_EVENTS = UsageKey(name="matched_events", unit="log events", meaning="log events a month that match the rule")


@priced(
    "aws:cloudwatch/logMetricFilter:LogMetricFilter",
    usage=[
        UsageKey(name="series", unit="metrics", meaning="combinations of dimension values that the filter produces"),
        UsageKey(name="hours_sent", unit="hours", meaning="hours a month in which the metric gets data", default="730"),
    ],
)
def log_metric_filter(b: Billing) -> Iterator[LineItem]:
    """One custom metric, or one for each combination of dimension values, in the hours in which data is sent."""
    hours = b.used("hours_sent")
    series = Quantity.exact(1)
    # Unknown ones are some.
    if b.resource.get("metricTransformation.dimensions"):
        declared = b.use("series")
        if declared is None:
            yield b.item("Custom metrics", "cloudwatch.metric", None, "series (not declared)", usage_key="series")
            return
        series = declared
    formula = f"{shown(series)} metric(s) x {shown(hours)} of {shown(b.hours)} hours"
    yield b.item("Custom metrics", "cloudwatch.metric", series * hours_share(hours, b.hours), formula)


@priced(
    "aws:cloudwatch/metricStream:MetricStream",
    usage=[UsageKey(name="metric_updates", unit="metric updates", meaning="metric updates streamed a month")],
    by_usage=True,
)
def metric_stream(b: Billing) -> Iterator[LineItem]:
    """Updates streamed; what receives them is billed by itself."""
    yield b.usage_item("Streamed metric updates", "cloudwatch.metric_stream", "metric_updates", divisor=1000)


@priced("aws:cloudwatch/contributorInsightRule:ContributorInsightRule", usage=[_EVENTS])
def contributor_insight_rule(b: Billing) -> Iterator[LineItem]:
    """A rule-month and the log events that match; a disabled rule costs nothing."""
    enabled = int(b.text("ruleState", "ENABLED", unknown="ENABLED") != "DISABLED")
    yield b.item(
        "Contributor Insights rule", "cloudwatch.contributor_insights.rule", enabled, f"{enabled} rule enabled"
    )
    if enabled:
        name, key = "Contributor Insights events", "cloudwatch.contributor_insights.events"
        yield b.usage_item(name, key, "matched_events", divisor=_MILLION)


@priced("aws:cloudwatch/contributorManagedInsightRule:ContributorManagedInsightRule", usage=[_EVENTS])
def contributor_managed_rule(b: Billing) -> Iterator[LineItem]:
    """A rule that AWS manages for another service's resource."""
    yield b.item("Managed Contributor Insights rule", "cloudwatch.contributor_insights.managed_rule", 1, "1 rule")
    name, key = "Managed Contributor Insights events", "cloudwatch.contributor_insights.managed_events"
    yield b.usage_item(name, key, "matched_events", divisor=_MILLION)


@priced(
    "aws:rum/appMonitor:AppMonitor",
    usage=[UsageKey(name="events", unit="events", meaning="events that browsers report a month")],
    by_usage=True,
)
def app_monitor(b: Billing) -> Iterator[LineItem]:
    """Real user monitoring bills by event."""
    yield b.usage_item("Real user monitoring events", "cloudwatch.rum.events", "events", divisor=Decimal(100_000))


free(
    "aws:oam/link:Link",
    "aws:oam/sink:Sink",
    "aws:oam/sinkPolicy:SinkPolicy",
    why="cross-account observability adds no charge for logs and metrics and includes the first trace copy",
    source=_PAGE,
)
free(
    "aws:cloudwatch/queryDefinition:QueryDefinition",
    why="a saved query costs nothing; each run is billed by the data scanned, with the log group",
    source=_BILLING_DOC,
)
