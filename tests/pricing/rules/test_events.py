from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from pricing.estimate import Estimate
from pricing.resource import UNKNOWN, Resource

BUS, RULE = "aws:cloudwatch/eventBus:EventBus", "aws:cloudwatch/eventRule:EventRule"
TARGET, DESTINATION = "aws:cloudwatch/eventTarget:EventTarget", "aws:cloudwatch/eventApiDestination:EventApiDestination"
INFRACOST = "infracost cloudwatch_event_bus_test.golden"
ON_DEFAULT_BUS = "Custom events (AWS events and schedules are free)"
ARN = "arn:aws:events:us-east-1:111111111111:"
Lines = Callable[..., dict[str, Decimal | None]]


@pytest.mark.parametrize(
    ("token", "properties", "usage", "expected", "source"),
    [
        (
            BUS, {}, {"custom_events": 1_000_000, "partner_events": 2_000_000},
            {"Custom events": "1", "Partner events": "2"}, INFRACOST,
        ),
        (
            "aws:cloudwatch/eventArchive:EventArchive", {}, {"archived_gb": 100, "stored_gb": 200},
            {"Archive processing": "10", "Archive storage": "4.6"}, INFRACOST,
        ),
        (
            "aws:schemas/discoverer:Discoverer", {}, {"events": 1_000_000},
            {"Events inspected for schemas": "0.1"}, INFRACOST,
        ),
        (RULE, {"scheduleExpression": "rate(1 day)"}, None, {ON_DEFAULT_BUS: "0"}, "default bus: AWS events are free"),
        (RULE, {}, {"custom_events": 500_000}, {ON_DEFAULT_BUS: "0.5"}, "1.00 per million"),
        (RULE, {"eventBusName": "orders"}, None, {"Events matched": "0"}, "billed with the bus"),
        ("aws:pipes/pipe:Pipe", {}, {"requests": 1_000_000}, {"Pipe requests": "0.4"}, "AWS EventBridge pricing"),
        (TARGET, {"arn": UNKNOWN}, None, {"Target invocations": "0"}, "inside the account"),
        (
            TARGET, {"arn": f"{ARN}event-bus/central"}, {"invocations": 1_000_000},
            {"Events sent to another bus": "1"}, "AWS EventBridge pricing",
        ),
        (
            TARGET, {"arn": f"{ARN}api-destination/hook"}, {"invocations": 1_000_000},
            {"API destination calls": "0.2"}, "AWS EventBridge pricing",
        ),
    ],
)  # fmt: skip
def test_events_cost_what_aws_lists(
    lines: Lines, token: str, properties: dict[str, object], usage: dict[str, object] | None,
    expected: dict[str, str], source: str,
) -> None:  # fmt: skip
    assert lines(token, properties, usage) == {name: Decimal(usd) for name, usd in expected.items()}, source


def test_a_target_that_depends_on_an_api_destination_bills_calls(
    declare: Callable[..., Resource], price: Callable[..., Estimate]
) -> None:
    hook = declare(DESTINATION, name="hook")
    target = declare(TARGET, {"arn": UNKNOWN}, "target", (hook.urn,))
    assert price(target, hook, usage={"invocations": 10_000_000}).total.expected == 2
