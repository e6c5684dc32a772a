"""SNS: publishes with the topic, deliveries with each subscription by protocol."""

from __future__ import annotations

from collections.abc import Iterator

from pricing.billing import Billing, Unpriceable
from pricing.line_item import LineItem
from pricing.registry import UsageKey, free, priced
from pricing.resource import UNKNOWN, Resource

_PAGE = "https://aws.amazon.com/sns/pricing/"
_TOPIC = "aws:sns/topic:Topic"
_MILLION, _HUNDRED_THOUSAND = 1_000_000, 100_000
_DELIVERIES = {  # protocol: what is delivered, price, deliveries in one priced unit
    "email": ("Email deliveries", "sns.delivery.email", _HUNDRED_THOUSAND),
    "email-json": ("Email deliveries", "sns.delivery.email", _HUNDRED_THOUSAND),
    "http": ("HTTP deliveries", "sns.delivery.http", _HUNDRED_THOUSAND),
    "https": ("HTTP deliveries", "sns.delivery.http", _HUNDRED_THOUSAND),
    "firehose": ("Firehose deliveries", "sns.delivery.firehose", _MILLION),
    "application": ("Mobile push deliveries", "sns.delivery.push", _MILLION),
    "lambda": ("Lambda deliveries", "sns.delivery.lambda", _MILLION),
    "sqs": ("SQS deliveries", "sns.delivery.sqs", _MILLION),
}
_FREE_OF_CHARGE = frozenset({"lambda", "sqs"})


@priced(
    _TOPIC,
    usage=[
        UsageKey(
            name="requests", unit="requests", meaning="publishes and other API requests a month, of up to 64 KB each"
        ),
        UsageKey(name="payload_gb", unit="GB", meaning="payload published a month (FIFO topics)", default="0"),
    ],
    by_usage=True,
)
def topic(b: Billing) -> Iterator[LineItem]:
    """Requests; a FIFO topic bills messages and payload instead."""
    if b.flag("fifoTopic", unknown=False):
        yield b.usage_item("Messages published (FIFO)", "sns.fifo.requests", "requests", divisor=_MILLION)
        yield b.usage_item("Payload published (FIFO)", "sns.fifo.payload", "payload_gb")
    else:
        yield b.usage_item("Publish requests", "sns.requests", "requests", divisor=_MILLION)


@priced(
    "aws:sns/topicSubscription:TopicSubscription",
    usage=[
        UsageKey(name="deliveries", unit="deliveries", meaning="notifications a month sent to this subscription"),
        UsageKey(name="delivered_gb", unit="GB", meaning="payload delivered a month (FIFO topics)", default="0"),
    ],
    by_usage=True,
)
def subscription(b: Billing) -> Iterator[LineItem]:
    """Deliveries by protocol. SMS has no list price: it depends on country and carrier."""
    protocol = b.text("protocol", unknown="email")
    if protocol not in _DELIVERIES:
        accepted = ", ".join(sorted(_DELIVERIES))
        msg = f"property `protocol` is {protocol!r}, which has no list price in the price book; accepted are {accepted}"
        raise Unpriceable(msg)
    name, key, unit = _DELIVERIES[protocol]
    if _topic_is_fifo(b):
        yield b.usage_item("Deliveries of a FIFO topic", "sns.fifo.delivery", "deliveries", divisor=_MILLION)
        yield from b.optional_item("Payload delivered (FIFO)", "sns.fifo.delivery_payload", "delivered_gb")
    elif protocol in _FREE_OF_CHARGE:
        yield b.item(name, key, 0, "delivery to Lambda and SQS is free of charge")
    else:
        yield b.usage_item(name, key, "deliveries", divisor=unit)


def _topic_is_fifo(b: Billing) -> bool:
    reference = b.resource.get("topic")
    if isinstance(reference, str):
        return reference.endswith(".fifo")
    topics: list[Resource] = [t for t in b.graph.of_type(_TOPIC) if t.urn in b.resource.dependencies]
    return reference is UNKNOWN and any(t.get("fifoTopic") is True for t in topics)


free(
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sns/platformApplication:PlatformApplication",
    "aws:sns/smsPreferences:SmsPreferences",
    why="a setting; messages are billed with topics and subscriptions",
    source=_PAGE,
)
