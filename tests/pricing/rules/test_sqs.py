from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from pricing.resource import UNKNOWN

QUEUE = "aws:sqs/queue:Queue"


@pytest.mark.parametrize(
    ("properties", "requests", "line", "usd", "source"),
    [
        ({}, 2_000_000, "Queue requests (standard)", "0.8", "infracost sqs_queue_test.golden"),
        ({"fifoQueue": True}, 1_000_000, "Queue requests (fifo)", "0.5", "infracost sqs_queue_test.golden"),
        ({"fifoQueue": UNKNOWN}, 1_000_000, "Queue requests (fifo)", "0.5", "an unknown kind is the dearest"),
        ({}, 150_000_000_000, "Queue requests (standard)", "55000", "100 B x 0.40 + 50 B x 0.30 per million"),
    ],
)
def test_a_queue_bills_requests(
    lines: Callable[..., dict[str, Decimal]], properties: dict[str, object], requests: int, line: str, usd: str,
    source: str,
) -> None:  # fmt: skip
    assert lines(QUEUE, properties, {"requests": requests}) == {line: Decimal(usd)}, source
