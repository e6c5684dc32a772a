"""Step Functions: state transitions of standard workflows, requests and GB-hours of express ones."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

from pricing.billing import Billing, Unpriceable
from pricing.line_item import LineItem
from pricing.registry import UsageKey, free, priced
from pricing.rules.arithmetic import shown
from pricing.rules.xray import TRACES

_STARTS = (
    ":states:::ecs:runTask",
    *(f":states:::{service}:" for service in ("codebuild", "batch", "glue", "sagemaker", "emr-serverless")),
    ":states:::elasticmapreduce:",
    *(f":aws-sdk:{call}" for call in ("ecs:runTask", "codebuild:startBuild", "batch:submitJob", "rds:startDBInstance")),
    *(f":aws-sdk:ec2:{call}" for call in ("runInstances", "startInstances")),
)
_PAGE = "https://aws.amazon.com/step-functions/pricing/"
_MEMORY_STEP, _DURATION_STEP = Decimal(64), Decimal(100)  # MB and ms that a run is rounded up to


@priced(
    "aws:sfn/stateMachine:StateMachine",
    usage=[
        UsageKey(name="transitions", unit="transitions", meaning="state transitions a month, retries too (STANDARD)"),
        UsageKey(name="requests", unit="requests", meaning="runs a month (EXPRESS)"),
        UsageKey(name="duration_ms", unit="ms", meaning="average duration of a run (EXPRESS)"),
        UsageKey(name="memory_mb", unit="MB", meaning="memory of a run (EXPRESS)", default="64"),
        TRACES,
    ],
    by_usage=True,
)
def state_machine(b: Billing) -> Iterator[LineItem]:
    """Standard bills transitions, express bills runs and what they hold for how long."""
    _refuse_started(b)
    if b.flag("tracingConfiguration.enabled", unknown=True):
        yield b.usage_item("Traces recorded", "xray.traces.recorded", "traces", divisor=1_000_000)
    kind = b.text("type", "STANDARD")
    if kind == "STANDARD":
        yield b.usage_item("State transitions", "stepfunctions.transitions", "transitions", divisor=1000)
    elif kind == "EXPRESS":
        yield from _express(b)
    else:
        msg = f"property `type` is {kind!r}; accepted are STANDARD, EXPRESS"
        raise Unpriceable(msg)


def _refuse_started(b: Billing) -> None:
    """Refuses a definition whose states start tasks, builds or jobs: how often they run cannot be read from it."""
    definition = b.resource.get("definition")
    found = next((call for call in _STARTS if isinstance(definition, str) and call in definition), None)
    if found is not None:
        msg = f"property `definition` calls {found}, and how often it does is not known; start it by a schedule"
        raise Unpriceable(msg)


def _express(b: Billing) -> Iterator[LineItem]:
    yield b.usage_item("Express requests", "stepfunctions.express.requests", "requests", divisor=1_000_000)
    requests, duration, memory = b.use("requests"), b.use("duration_ms"), b.use("memory_mb")
    quantity = None
    formula = f"{shown(requests)} runs x {shown(duration)} ms x {shown(memory)} MB"
    if requests is not None and duration is not None and memory is not None:
        held = duration.map(lambda ms: _up(ms, _DURATION_STEP)) * memory.map(lambda mb: _up(mb, _MEMORY_STEP))
        quantity = requests * held / (1000 * 1024 * 3600)
        formula += f", rounded up to {_DURATION_STEP} ms and {_MEMORY_STEP} MB, / 1000 / 1024 / 3600"
    missing = "requests" if requests is None else "duration_ms"
    yield b.item("Express duration", "stepfunctions.express.duration", quantity, formula, usage_key=missing)


def _up(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_CEILING) * step


free(
    "aws:sfn/activity:Activity",
    "aws:sfn/alias:Alias",
    why="a pointer; transitions are billed with the state machine",
    source=_PAGE,
)
