from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from pricing.resource import UNKNOWN

SCHEDULE = "aws:scheduler/schedule:Schedule"
LINE = "Schedule invocations"
Lines = Callable[..., dict[str, Decimal | None]]


@pytest.mark.parametrize(
    ("properties", "usage", "usd", "source"),
    [
        ({"scheduleExpression": "rate(1 minute)"}, None, "0.0438", "43,800 x 1.00 per million"),
        ({"scheduleExpression": "rate(1 minute)", "state": "DISABLED"}, None, "0", "switched off"),
        ({"scheduleExpression": "rate(1 minute)", "state": UNKNOWN}, None, "0.0438", "unknown counts as on"),
        ({"scheduleExpression": "cron(0 6 ? * MON *)"}, None, "0.000004", "52/12 runs"),
        ({"scheduleExpression": UNKNOWN}, {"runs_per_month": 1_000_000}, "1", "declared"),
    ],
)
def test_a_schedule_bills_invocations(
    lines: Lines, properties: dict[str, object], usage: dict[str, object] | None, usd: str, source: str
) -> None:
    assert lines(SCHEDULE, properties, usage) == {LINE: Decimal(usd)}, source


@pytest.mark.parametrize("expression", ["weekly", None, "rate(0 days)"])
def test_what_is_no_schedule_is_refused(refusal: Callable[..., str], expression: object) -> None:
    assert refusal(SCHEDULE, {"scheduleExpression": expression}).startswith("unpriceable")
