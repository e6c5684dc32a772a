"""A template that a pipeline starts is priced by the schedule in its tag."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from pricing.resource import UNKNOWN, Resource
from pricing.schedule import runs_per_month
from tests.pricing.conftest import Bill

TEMPLATE = "aws:fis/experimentTemplate:ExperimentTemplate"
TERMINATE = {"name": "fault", "actionId": "aws:ec2:terminate-instances"}
ALPHABET = str.maketrans({"(": ":", ")": None, "?": "_", "*": "=", ",": "+", "#": "@"})
Charge = Callable[..., Bill]
Make = Callable[..., Resource]


def template(make: Make, tags: Any) -> Resource:
    return make(TEMPLATE, actions=[TERMINATE], tags=tags)


@pytest.mark.parametrize(
    "expression",
    [
        "cron(0 10 ? * TUE *)",
        "cron(0 10 1 * ? *)",
        "rate(14 days)",
        "cron(0 10 ? * MON,THU *)",
        "cron(0 10 ? * 2#1 *)",
        "cron(0/30 10 ? * MON-FRI *)",
    ],
)
def test_the_schedule_in_the_tag(charge: Charge, make: Make, expression: str) -> None:
    bill = charge(template(make, {"chaos:schedule": expression.translate(ALPHABET)}))
    assert bill.codes == []
    assert bill.total == pytest.approx(runs_per_month(expression) * Decimal("0.1"))


@pytest.mark.parametrize("tags", [{}, {"chaos:schedule": UNKNOWN}, UNKNOWN, None])
def test_without_a_known_schedule_usage_must_say_it(charge: Charge, make: Make, tags: Any) -> None:
    assert "runs_per_month" in charge(template(make, tags)).messages
    assert charge(template(make, tags), usage={"runs_per_month": 2}).total == Decimal("0.2")


@pytest.mark.parametrize("value", ["weekly", "", "cron:0 10", "rate:0 days"])
def test_a_tag_that_cannot_be_read_is_not_priced(charge: Charge, make: Make, value: str) -> None:
    bill = charge(template(make, {"chaos:schedule": value}))
    assert bill.codes != []
    assert "chaos:schedule" in bill.messages


def test_declared_runs_hide_no_schedule(charge: Charge, make: Make) -> None:
    tagged = template(make, {"chaos:schedule": "rate:7 days"})
    weekly = charge(tagged).total
    assert charge(tagged, usage={"runs_per_month": 1}).total == weekly
    assert charge(tagged, usage={"runs_per_month": 10}).total == Decimal(1)
