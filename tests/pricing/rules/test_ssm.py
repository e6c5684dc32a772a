from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

import pytest

from pricing.estimate import Estimate
from pricing.resource import UNKNOWN, Resource

PARAMETER, DOCUMENT = "aws:ssm/parameter:Parameter", "aws:ssm/document:Document"
STANDARD, ADVANCED, REQUESTS = "Parameter (standard)", "Parameter (advanced)", "Parameter requests"
INFRACOST = "infracost ssm_parameter_test.golden"
FOUR_STEPS = json.dumps({"schemaVersion": "0.3", "mainSteps": [{"name": f"s{n}"} for n in range(4)]})
Lines = Callable[..., dict[str, Decimal | None]]


@pytest.mark.parametrize(
    ("properties", "usage", "expected", "source"),
    [
        ({}, None, {STANDARD: "0"}, "standard parameters are free"),
        ({"tier": "Advanced"}, {"requests": 100_000}, {ADVANCED: "0.05", REQUESTS: "0.5"}, INFRACOST),
        ({"tier": UNKNOWN}, None, {ADVANCED: "0.05", REQUESTS: "0"}, "an unknown tier is the dearest"),
        ({"tier": "Intelligent-Tiering", "value": "x" * 4096}, None, {STANDARD: "0"}, "fits 4 KB"),
        (
            {"tier": "Intelligent-Tiering", "value": "é" * 2048 + "x"},
            None,
            {ADVANCED: "0.05", REQUESTS: "0"},
            "4,097 bytes",
        ),
        ({"tier": "Intelligent-Tiering", "value": UNKNOWN}, None, {ADVANCED: "0.05", REQUESTS: "0"}, "unknown"),
    ],
)
def test_parameters_cost_what_aws_lists(
    lines: Lines, properties: dict[str, object], usage: dict[str, object], expected: dict[str, str], source: str
) -> None:
    assert lines(PARAMETER, properties, usage) == {name: Decimal(usd) for name, usd in expected.items()}, source


def test_an_unheard_of_tier_is_refused(refusal: Callable[..., str]) -> None:
    assert "accepted are Standard, Advanced, Intelligent-Tiering" in refusal(PARAMETER, {"tier": "Gold"})


@pytest.mark.parametrize(
    ("properties", "usage", "expected", "source"),
    [
        ({"documentType": "Command"}, None, {"Command document": "0"}, "Run Command on EC2 is free"),
        (
            {"documentType": "Automation", "content": FOUR_STEPS}, {"runs_per_month": 5},
            {"Automation steps": "0.04"}, "5 runs x 4 steps x 0.002",
        ),
        (
            {"documentType": "Automation", "content": "mainSteps: []"}, {"runs_per_month": 5, "steps_per_run": 4},
            {"Automation steps": "0.04"}, "steps of YAML are declared",
        ),
        (
            {"documentType": "Automation", "content": UNKNOWN},
            {"runs_per_month": 5, "steps_per_run": 4, "script_seconds": 100},
            {"Automation steps": "0.04", "Automation scripts": "0.015"}, "5 x 100 s x 0.00003",
        ),
        ({"documentType": "Automation", "content": FOUR_STEPS}, None, {"Automation steps": None}, "runs not declared"),
        (
            {"documentType": "Automation", "content": "{}"}, {"runs_per_month": 1}, {"Automation steps": None},
            "steps not declared",
        ),
    ],
)  # fmt: skip
def test_automations_bill_steps(
    lines: Lines, properties: dict[str, object], usage: dict[str, object], expected: dict[str, str | None], source: str
) -> None:
    wanted = {name: None if usd is None else Decimal(usd) for name, usd in expected.items()}
    assert lines(DOCUMENT, properties, usage) == wanted, source


def test_runs_of_an_automation_follow_from_its_schedule(
    declare: Callable[..., Resource], price: Callable[..., Estimate]
) -> None:
    document = declare(DOCUMENT, {"documentType": "Automation", "content": FOUR_STEPS}, "restore")
    weekly = declare(
        "aws:scheduler/schedule:Schedule", {"scheduleExpression": "rate(7 days)"}, "weekly", (document.urn,)
    )
    (item,) = price(document, weekly).resources[0].items
    assert item.formula == "4 step(s) x 4.3333 runs from weekly"
    assert item.cost is not None
    assert round(item.cost.expected, 6) == Decimal("0.034667")  # 4 x 52/12 x 0.002


def test_nodes_outside_ec2(lines: Lines) -> None:
    # infracost ssm_activation_test.golden: 73,000 hours x 0.00695
    usage = {"advanced_instance_hours": 73_000, "commands": 10}
    assert lines("aws:ssm/activation:Activation", {}, usage) == {
        "Advanced on-premises nodes": Decimal("507.35"),
        "Run Command outside EC2": Decimal("0.02"),
    }
