from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from pricing.resource import UNKNOWN, Resource

MACHINE = "aws:sfn/stateMachine:StateMachine"
INFRACOST = "infracost sfn_state_machine_test.golden"
Lines = Callable[..., dict[str, Decimal | None]]


@pytest.mark.parametrize(
    ("properties", "usage", "expected", "source"),
    [
        ({}, {"transitions": 10_000}, {"State transitions": "0.25"}, INFRACOST),
        (
            {"type": "EXPRESS"}, {"requests": 100_000, "duration_ms": 200, "memory_mb": 64},
            {"Express requests": "0.1", "Express duration": "0.020838"}, INFRACOST + ": 0.3472 GB-hours, 0.02",
        ),
        (
            {"type": "EXPRESS"}, {"requests": 1_000_000, "duration_ms": 101, "memory_mb": 65},
            {"Express requests": "1", "Express duration": "0.41675"}, "rounded up to 200 ms and 128 MB: 6.9444 GB-h",
        ),
        (
            {"type": "EXPRESS"}, {"requests": 10_000_000, "duration_ms": 3200, "memory_mb": 128},
            {"Express requests": "10", "Express duration": "63.344"}, INFRACOST + ": 60.012 + 111.1111 x 0.029988",
        ),
        ({"type": "EXPRESS"}, None, {"Express requests": None, "Express duration": None}, "not declared"),
    ],
)  # fmt: skip
def test_state_machines_cost_what_aws_lists(
    lines: Lines, properties: dict[str, object], usage: dict[str, object], expected: dict[str, str | None], source: str
) -> None:
    wanted = {name: None if usd is None else Decimal(usd) for name, usd in expected.items()}
    assert lines(MACHINE, properties, usage) == wanted, source


def test_the_kind_must_be_known(refusal: Callable[..., str]) -> None:
    assert "accepted are STANDARD, EXPRESS" in refusal(MACHINE, {"type": "FAST"})
    assert refusal(MACHINE, {"type": UNKNOWN}).startswith("unbounded-unknown")


def test_active_tracing_needs_its_traces(lines: Lines) -> None:
    traced = {"tracingConfiguration": {"enabled": True}}

    assert lines(MACHINE, traced, {"transitions": 0})["Traces recorded"] is None
    assert lines(MACHINE, traced, {"transitions": 0, "traces": 1_000_000})["Traces recorded"] == Decimal(5)
    assert "Traces recorded" not in lines(MACHINE, {}, {"transitions": 0})


@pytest.mark.parametrize(
    "call",
    [
        "arn:aws:states:::ecs:runTask.sync",
        "arn:aws:states:::codebuild:startBuild",
        "arn:aws:states:::aws-sdk:ecs:runTask",
    ],
)
def test_a_machine_that_starts_tasks_or_builds_is_refused(call: str, refusal: Callable[..., str]) -> None:
    said = refusal(MACHINE, {"definition": f'{{"Resource": "{call}"}}'}, {"transitions": 0})

    assert said.startswith("unpriceable")
    assert "how often" in said


def test_a_machine_that_calls_functions_is_not_refused(lines: Lines) -> None:
    assert lines(MACHINE, {"definition": '{"Resource": "arn:aws:states:::lambda:invoke"}'}, {"transitions": 0})


TAG = "chaos:transitions"
TEMPLATE, SCHEDULE = "aws:fis/experimentTemplate:ExperimentTemplate", "aws:scheduler/schedule:Schedule"
Declare = Callable[..., Resource]


@pytest.mark.parametrize(
    ("tags", "usage", "usd"),
    [
        ({TAG: "1200"}, {"runs_per_month": 10}, "0.30"),
        ({TAG: "1200"}, {"runs_per_month": 10, "transitions": 24_000}, "0.60"),
        ({TAG: "1200"}, {"runs_per_month": 10, "transitions": 1}, "0.30"),
        ({TAG: "1200"}, None, None),
        ({TAG: UNKNOWN}, {"runs_per_month": 10}, None),
        (UNKNOWN, {"transitions": 12_000}, "0.30"),
    ],
)
def test_transitions_follow_from_the_tag_and_the_executions(
    lines: Lines, tags: object, usage: dict[str, object] | None, usd: str | None
) -> None:
    found = lines(MACHINE, {"definition": UNKNOWN, "tags": tags}, usage)
    assert found == {"State transitions": None if usd is None else Decimal(usd)}


@pytest.mark.parametrize("told", ["0", "-5", "1.5", "many", "99999999"])
def test_a_tag_that_tells_no_number_is_refused(refusal: Callable[..., str], told: str) -> None:
    assert "accepted is a whole number from 1 on" in refusal(MACHINE, {"tags": {TAG: told}})


def test_what_a_machine_starts_is_billed_once_with_the_template(price: Callable[..., Any], declare: Declare) -> None:
    template = declare(
        TEMPLATE,
        {"actions": [{"name": "a", "parameters": [{"key": "duration", "value": "PT5M"}]}]},
        "latency",
    )
    machine = declare(MACHINE, {"tags": {TAG: "1000"}, "definition": UNKNOWN}, "weekly", (template.urn,))
    every = {"scheduleExpression": "cron(0 9 ? * MON *)"}
    schedule = declare(SCHEDULE, every, "schedule", (machine.urn,))
    own = declare(SCHEDULE, every, "own", (template.urn,))
    weeks = Decimal(52) / 12

    def usd(*resources: Resource) -> dict[str, Decimal]:
        found = price(*resources).resources
        return {held.resource.name: held.cost.maximum for held in found}

    alone = usd(template, machine, schedule)
    assert alone["latency"] == pytest.approx(weeks * Decimal("0.5"), rel=Decimal("0.01"))
    assert alone["weekly"] == pytest.approx(weeks * Decimal("0.025"), rel=Decimal("0.01"))
    assert round(usd(template, machine, schedule, own)["latency"], 9) == round(2 * alone["latency"], 9)
    # Nobody can tell how often the machine runs: neither can anybody tell what that costs.
    assert price(template, machine, own).resources[0].items[0].quantity is None
