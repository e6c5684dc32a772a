"""X-Ray: traces recorded follow from the sampling rules; insights and retrieval are billed by trace."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pricing.billing import Billing
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey, free, priced
from pricing.rules.arithmetic import shown

_PAGE = "https://aws.amazon.com/xray/pricing/"
_MILLION = 1_000_000
_SECONDS_PER_HOUR = 3600
_DEFAULT_RATE = Decimal("0.05")
TRACES = UsageKey(name="traces", unit="traces", meaning="traces a month that active tracing records, when measured")


def default_sampling(b: Billing, requests: Quantity) -> Quantity:
    """Traces that AWS records of so many requests unless told otherwise: the first of each second, 5 % of the rest."""
    held = b.hours * _SECONDS_PER_HOUR
    return requests.map(lambda value: min(value, held) + _DEFAULT_RATE * max(Decimal(0), value - held))


@priced(
    "aws:xray/samplingRule:SamplingRule",
    usage=[
        UsageKey(name="requests", unit="requests", meaning="requests a month that match the rule"),
        UsageKey(name="traces", unit="traces", meaning="traces a month recorded under the rule, when measured"),
    ],
)
def sampling_rule(b: Billing) -> Iterator[LineItem]:
    """Traces recorded: measured ones if declared, else the most that reservoir and rate let through."""
    traces, formula = _traces(b)
    quantity = None if traces is None else traces / _MILLION
    yield b.item("Traces recorded", "xray.traces.recorded", quantity, f"{formula} / {_MILLION}", usage_key="requests")


def _traces(b: Billing) -> tuple[Quantity | None, str]:
    measured = b.use("traces")
    if measured is not None:
        return measured, f"{shown(measured)} traces declared"
    rate = b.number("fixedRate").map(lambda value: min(value, Decimal(1))).maximum
    reservoir = b.number("reservoirSize", default=0).maximum
    if rate == 0 and reservoir == 0:
        return Quantity.exact(0), "reservoir 0 and rate 0 record nothing: 0 traces"
    requests = b.use("requests")
    if requests is None:
        return None, "requests (not declared)"
    held = reservoir * b.hours * _SECONDS_PER_HOUR
    # The sum over seconds is largest for requests that are spread evenly, so this is the most that can be recorded.
    traces = requests.map(lambda value: min(value, held) + rate * max(Decimal(0), value - held))
    span = shown(requests)
    return (
        traces,
        f"{shown(traces)} traces: the first {shown(reservoir)} a second of {span} requests, {shown(rate)} of the rest",
    )


@priced(
    "aws:xray/group:Group",
    usage=[
        UsageKey(
            name="traces_scanned", unit="traces", meaning="traces a month that people and runners retrieve", default="0"
        ),
        UsageKey(name="insights_traces", unit="traces", meaning="traces a month that X-Ray Insights processes"),
    ],
    by_usage=True,
)
def group(b: Billing) -> Iterator[LineItem]:
    """A group is a filter; retrieval is billed by trace, and Insights by every trace in the group."""
    yield b.usage_item("Traces retrieved", "xray.traces.scanned", "traces_scanned", divisor=_MILLION)
    if b.flag("insightsConfiguration.insightsEnabled", unknown=True):
        yield b.usage_item("Traces processed by Insights", "xray.insights", "insights_traces", divisor=_MILLION)


free(
    "aws:xray/encryptionConfig:EncryptionConfig",
    "aws:xray/resourcePolicy:ResourcePolicy",
    why="a setting of the account; traces are billed with the sampling rules, a KMS key by itself",
    source=_PAGE,
)
