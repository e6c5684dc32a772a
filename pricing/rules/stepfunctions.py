"""Step Functions: state transitions of standard workflows, requests and GB-hours of express ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

from contract.machine_tags import STATE_MACHINE, TRANSITIONS_TAG
from pricing.billing import Billing, Unpriceable
from pricing.line_item import LineItem
from pricing.registry import UsageKey, free, priced
from pricing.resource import UNKNOWN
from pricing.rules.arithmetic import shown
from pricing.rules.schedules import RUNS, started_runs
from pricing.rules.xray import TRACES

_STARTS = (
    ":states:::ecs:runTask",
    *(f":states:::{service}:" for service in ("codebuild", "batch", "glue", "sagemaker", "emr-serverless")),
    ":states:::elasticmapreduce:",
    *(f":aws-sdk:{call}" for call in ("ecs:runTask", "codebuild:startBuild", "batch:submitJob", "rds:startDBInstance")),
    *(f":aws-sdk:ec2:{call}" for call in ("runInstances", "startInstances")),
)
_WHOLE = re.compile(r"[1-9][0-9]{0,6}", re.ASCII)
_PAGE = "https://aws.amazon.com/step-functions/pricing/"
_MEMORY_STEP, _DURATION_STEP = Decimal(64), Decimal(100)  # MB and ms that a run is rounded up to


@priced(
    STATE_MACHINE,
    usage=[
        RUNS,
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
        yield _transitions(b)
    elif kind == "EXPRESS":
        yield from _express(b)
    else:
        msg = f"property `type` is {kind!r}; accepted are STANDARD, EXPRESS"
        raise Unpriceable(msg)


def _transitions(b: Billing) -> LineItem:
    """Those of one execution that the state machine's tag tells, times its executions; else, and if more, declared."""
    name, key = "State transitions", "stepfunctions.transitions"
    tags = b.resource.tags
    told = tags.get(TRANSITIONS_TAG) if isinstance(tags, dict) else None
    if told is None or told is UNKNOWN:
        return b.usage_item(name, key, "transitions", divisor=1000)
    if not isinstance(told, str) or not _WHOLE.fullmatch(told):
        msg = f"tag `{TRANSITIONS_TAG}` is {told!r}; accepted is a whole number from 1 on"
        raise Unpriceable(msg)
    (runs, origin), declared = started_runs(b), b.use("transitions")
    if runs is None:
        return b.item(name, key, None, f"{told} transitions x {origin}", usage_key=RUNS.name)
    derived, formula = runs * Decimal(told), f"{told} transitions x {origin}"
    if declared is not None and declared.maximum > derived.maximum:
        derived, formula = declared, f"{shown(declared)} declared, more than {formula}"
    return b.item(name, key, derived / 1000, f"{formula} / 1000", usage_key=RUNS.name)


def _refuse_started(b: Billing) -> None:
    """Refuses a definition whose states start tasks, builds or jobs: how often they run cannot be read from it."""
    definition = b.resource.get("definition")
    found = next((call for call in _STARTS if isinstance(definition, str) and call in definition), None)
    if found is not None:
        msg = f"property `definition` calls {found}, and how often it does is not known; start it by a schedule"
        raise Unpriceable(msg)


def _express(b: Billing) -> Iterator[LineItem]:
    yield b.usage_item("Express requests", "stepfunctions.express.requests", "requests", divisor=1_000_000)
    requests, duration, memory = b.use("requests"), b.use("duration_ms"), b.used("memory_mb")
    quantity = None
    formula = f"{shown(requests)} runs x {shown(duration)} ms x {shown(memory)} MB"
    if requests is not None and duration is not None:
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
