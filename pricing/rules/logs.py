"""CloudWatch Logs: data in, data kept, data scanned; by class of the log group."""

from __future__ import annotations

from collections.abc import Iterator

from contract import borrowed_types
from pricing.billing import Billing, Unpriceable
from pricing.line_item import LineItem
from pricing.registry import UsageKey, free, priced, through_parent
from pricing.rules.arithmetic import shown
from pricing.rules.schedules import hours_share

_PAGE = "https://aws.amazon.com/cloudwatch/pricing/"
_DOC = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/"
_ACCEPTED = "accepted are STANDARD, INFREQUENT_ACCESS, DELIVERY"
_INGESTION = {
    "STANDARD": ("logs.ingest.standard", "logs.ingest.vended"),
    "INFREQUENT_ACCESS": ("logs.ingest.infrequent_access", "logs.ingest.vended_infrequent_access"),
    "DELIVERY": ("logs.ingest.delivery", "logs.ingest.delivery"),
}
_INCLUDED_POLICIES = ("FIELD_INDEX_POLICY", "SUBSCRIPTION_FILTER_POLICY", "TRANSFORMER_POLICY")
_VENDED = UsageKey(
    name="vended_gb",
    unit="GB",
    meaning="data a month that AWS services write (flow logs, FIS, Step Functions)",
    default="0",
)
_SCANNED = UsageKey(name="scanned_gb", unit="GB", meaning="data a month that Logs Insights queries scan", default="0")
_EMBEDDED = (
    UsageKey(
        name="embedded_metrics", unit="metrics", meaning="custom metrics in EMF log lines of this group", default="0"
    ),
    UsageKey(name="embedded_hours", unit="hours", meaning="hours a month in which they get data", default="730"),
)


@priced(
    "aws:cloudwatch/logGroup:LogGroup",
    usage=[
        UsageKey(name="ingested_gb", unit="GB", meaning="data a month that applications write"),
        UsageKey(name="stored_gb", unit="GB", meaning="compressed data kept, averaged over the month"),
        _VENDED,
        _SCANNED,
        *_EMBEDDED,
    ],
    by_usage=True,
)
def log_group(b: Billing) -> Iterator[LineItem]:
    """Everything a log group bills, embedded metrics included: they have no resource of their own."""
    kind = b.text("logGroupClass", "STANDARD", unknown="STANDARD")
    if kind not in _INGESTION:
        msg = f"property `logGroupClass` is {kind!r}; {_ACCEPTED}"
        raise Unpriceable(msg)
    yield from _data_lines(b, kind)


@priced(
    borrowed_types.LOG_RETENTION,
    usage=[
        UsageKey(
            name="ingested_gb", unit="GB", meaning="data a month that is added to the existing log group", default="0"
        ),
        UsageKey(name="stored_gb", unit="GB", meaning="compressed data kept of what is added", default="0"),
        _VENDED,
        _SCANNED,
        *_EMBEDDED,
    ],
    by_usage=True,
)
def log_retention(b: Billing) -> Iterator[LineItem]:
    """Retention of a log group that others own: only what is added to it is billed here."""
    yield from _data_lines(b, "STANDARD")


def _data_lines(b: Billing, kind: str) -> Iterator[LineItem]:
    ingest, vended = _INGESTION[kind]
    yield b.usage_item("Log data ingested", ingest, "ingested_gb")
    yield b.usage_item("Log data kept", "logs.storage", "stored_gb")
    for name, key, usage in (
        ("Log data from AWS services", vended, "vended_gb"),
        ("Log data scanned by queries", "logs.scan", "scanned_gb"),
    ):
        yield from b.optional_item(name, key, usage)
    if b.used("embedded_metrics").maximum > 0:
        yield _embedded_metrics(b)


def _embedded_metrics(b: Billing) -> LineItem:
    metrics, hours = b.used("embedded_metrics"), b.used("embedded_hours")
    formula = f"{shown(metrics)} metric(s) x {shown(hours)} of {shown(b.hours)} hours"
    quantity = metrics * hours_share(hours, b.hours)
    return b.item("Custom metrics in log lines", "cloudwatch.metric", quantity, formula, usage_key="embedded_metrics")


@priced(
    "aws:cloudwatch/logDelivery:LogDelivery",
    usage=[UsageKey(name="delivered_gb", unit="GB", meaning="data a month that an AWS service delivers")],
    by_usage=True,
)
def log_delivery(b: Billing) -> Iterator[LineItem]:
    """Vended logs; the CloudWatch rate is used for every destination, it is the dearest."""
    yield b.usage_item("Log data delivered", "logs.ingest.vended", "delivered_gb")


@priced(
    "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy",
    usage=[UsageKey(name="scanned_gb", unit="GB", meaning="data a month that the policy scans: all that is ingested")],
    by_usage=True,
)
def log_data_protection(b: Billing) -> Iterator[LineItem]:
    """Masking scans every byte that is ingested, at a price of its own."""
    yield b.usage_item("Log data scanned for sensitive data", "logs.data_protection", "scanned_gb")


@priced(
    "aws:cloudwatch/logAccountPolicy:LogAccountPolicy",
    usage=[UsageKey(name="scanned_gb", unit="GB", meaning="data a month that a DATA_PROTECTION_POLICY scans")],
    by_usage=True,
)
def log_account_policy(b: Billing) -> Iterator[LineItem]:
    """A policy for all log groups: masking is billed, subscriptions, indexes and transformations are included."""
    kind = b.text("policyType", unknown="DATA_PROTECTION_POLICY")
    if kind == "DATA_PROTECTION_POLICY":
        yield b.usage_item("Log data scanned for sensitive data", "logs.data_protection", "scanned_gb")
    elif kind in _INCLUDED_POLICIES:
        yield b.item("Log policy", "logs.data_protection", 0, f"0 GB: {kind} is included in ingestion")
    else:
        msg = f"property `policyType` is {kind!r}; accepted are DATA_PROTECTION_POLICY, {', '.join(_INCLUDED_POLICIES)}"
        raise Unpriceable(msg)


through_parent(
    "aws:cloudwatch/logStream:LogStream",
    why="data in a stream is billed with its log group",
    source=_PAGE,
)
free(
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
    "aws:cloudwatch/logDestination:LogDestination",
    "aws:cloudwatch/logDestinationPolicy:LogDestinationPolicy",
    "aws:cloudwatch/logDeliverySource:LogDeliverySource",
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
    "aws:cloudwatch/logDeliveryDestinationPolicy:LogDeliveryDestinationPolicy",
    why="a permission or an address; deliveries are billed as data",
    source=_PAGE,
)
free(
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
    why="forwarding is included in ingestion; the receiving service bills what it gets",
    source=_PAGE,
)
free(
    "aws:cloudwatch/logAnomalyDetector:LogAnomalyDetector",
    why="log anomaly detection is included in Standard class ingestion",
    source=f"{_DOC}LogsAnomalyDetection.html",
)
free(
    "aws:cloudwatch/logIndexPolicy:LogIndexPolicy",
    why="field indexes are included in Standard class ingestion",
    source=f"{_DOC}CloudWatchLogs-Field-Indexing.html",
)
free(
    "aws:cloudwatch/logTransformer:LogTransformer",
    why="transformation is included in Standard class ingestion",
    source=f"{_DOC}CloudWatch-Logs-Transformation.html",
)
