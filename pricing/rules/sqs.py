"""SQS: requests, dearer for FIFO queues."""

from __future__ import annotations

from collections.abc import Iterator

from pricing.billing import Billing
from pricing.line_item import LineItem
from pricing.registry import UsageKey, free, priced

_PAGE = "https://aws.amazon.com/sqs/pricing/"
_MILLION = 1_000_000


@priced(
    "aws:sqs/queue:Queue",
    usage=[
        UsageKey(
            name="requests", unit="requests", meaning="send, receive and delete requests a month, 64 KB each; polls too"
        )
    ],
    by_usage=True,
)
def queue(b: Billing) -> Iterator[LineItem]:
    """Requests a month; an unknown kind counts as FIFO."""
    kind = "fifo" if b.flag("fifoQueue", unknown=True) else "standard"
    yield b.usage_item(f"Queue requests ({kind})", f"sqs.requests.{kind}", "requests", divisor=_MILLION)


free(
    "aws:sqs/queuePolicy:QueuePolicy",
    "aws:sqs/redrivePolicy:RedrivePolicy",
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
    why="a setting of a queue; requests are billed with the queue",
    source=_PAGE,
)
