"""CloudWatch Synthetics: canary runs from the schedule, and the Lambda function that runs them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from pricing.billing import Billing
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey, free, priced
from pricing.rules.arithmetic import shown
from pricing.rules.schedules import RUNS, expression_runs

_PAGE = "https://aws.amazon.com/cloudwatch/pricing/"
_MEMORY_MB = 1000  # what Synthetics gives a canary unless told otherwise
_ONCE = re.compile(r"rate\(\s*0\s+(minutes?|hours?)\s*\)")


@priced(
    "aws:synthetics/canary:Canary",
    usage=[
        RUNS,
        UsageKey(name="run_seconds", unit="seconds", meaning="average duration of a run"),
        UsageKey(name="memory_mb", unit="MB", meaning="memory of a run when it is unknown"),
    ],
)
def canary(b: Billing) -> Iterator[LineItem]:
    """Runs at the canary price, and Lambda for each; artifacts and logs are billed with their bucket and log group."""
    runs = _runs(b)
    yield b.item("Canary runs", "cloudwatch.canary_run", runs, f"{shown(runs)} runs")
    yield b.item("Lambda requests of the canary", "lambda.requests", runs / 1_000_000, f"{shown(runs)} runs / 1000000")
    if b.flag("runConfig.activeTracing", unknown=True):
        yield b.item("Traces recorded", "xray.traces.recorded", runs / 1_000_000, f"{shown(runs)} runs / 1000000")
    seconds = b.use("run_seconds")
    memory = b.number("runConfig.memoryInMb", unknown="memory_mb", default=_MEMORY_MB)
    duration = None if seconds is None else runs * seconds * memory / 1024
    formula = f"{shown(runs)} runs x {shown(seconds)} s x {shown(memory)} MB / 1024"
    yield b.item("Lambda duration of the canary", "lambda.duration.x86_64", duration, formula, usage_key="run_seconds")


def _runs(b: Billing) -> Quantity:
    expression = b.resource.get("schedule.expression")
    if isinstance(expression, str) and _ONCE.fullmatch(expression.strip()):
        return Quantity.exact(1)
    if not b.flag("startCanary", default=True, unknown=True):
        return Quantity.exact(0)
    runs = expression_runs(b, b.resource, "schedule.expression")
    retries = b.number("schedule.retryConfig.maxRetries", default=Decimal(0)).maximum
    return Quantity(runs.minimum, runs.expected, runs.maximum * (1 + retries))


free(
    "aws:synthetics/group:Group",
    "aws:synthetics/groupAssociation:GroupAssociation",
    why="a group only arranges canaries",
    source=_PAGE,
)
