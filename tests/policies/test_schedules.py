from __future__ import annotations

from typing import Any

import pytest

from policies import schedules
from tests.policies.conftest import UNKNOWN_TEXT, Declared, Servicer, made

RULE, SCHEDULE = "aws:cloudwatch/eventRule:EventRule", "aws:scheduler/schedule:Schedule"


def kept(expression: str, days: Any) -> dict[str, Any]:
    return {"rules": [{"ruleName": "x", "schedule": expression, "lifecycle": {"deleteAfter": days}}]}


def plan(*expressions: Any) -> dict[str, Any]:
    return {"rules": [{"ruleName": "x", "schedule": text} for text in expressions]}


@pytest.mark.parametrize(
    ("token", "inputs", "refused"),
    [
        (SCHEDULE, {"scheduleExpression": "rate(1 day)"}, 0),
        (SCHEDULE, {"scheduleExpression": "rate(1 days)"}, 1),
        (SCHEDULE, {"scheduleExpression": "cron(0 10 31 2 ? *)"}, 1),
        (SCHEDULE, {"scheduleExpression": "cron(0 10 1 1 ? 2020)"}, 1),
        (SCHEDULE, {"scheduleExpression": UNKNOWN_TEXT}, 0),
        (SCHEDULE, {"scheduleExpression": "rate(5 minutes)"}, 0),
        (RULE, {"eventPattern": "{}"}, 0),
        (RULE, {"eventPattern": "{}", "scheduleExpression": ""}, 0),
        (schedules.BACKUP_PLAN, plan(""), 0),
        (RULE, {"scheduleExpression": "cron(0 5 * * SUN *)"}, 1),
        ("aws:backup/restoreTestingPlan:RestoreTestingPlan", {"scheduleExpression": "cron(0 7 1 * * *)"}, 1),
        (schedules.BACKUP_PLAN, plan("cron(0 5 ? * SUN *)", "cron(0 * * * ? *)", None), 0),
        (schedules.BACKUP_PLAN, plan("cron(0/15 * * * ? *)", "rate(15 minutes)", "rate(1 hour)"), 2),
        (schedules.BACKUP_PLAN, kept("cron(0 5 1 * ? *)", 7), 1),
        (schedules.BACKUP_PLAN, kept("cron(0 5 1 * ? *)", 31), 0),
        (schedules.BACKUP_PLAN, kept("cron(0 5 ? * SUN *)", 7), 0),
        (schedules.BACKUP_PLAN, kept("rate(1 hour)", 1), 0),
        (schedules.BACKUP_PLAN, kept("cron(0 5 31 2 ? *)", 1), 1),
        (schedules.BACKUP_PLAN, plan(UNKNOWN_TEXT), 1),
        (schedules.BACKUP_PLAN, {"rules": UNKNOWN_TEXT}, 1),
        (schedules.BACKUP_PLAN, {"rules": [UNKNOWN_TEXT]}, 1),
    ],
)
def test_schedules_that_aws_takes(pack: Servicer, token: str, inputs: dict[str, Any], refused: int) -> None:
    found = [said for said in pack.resource(Declared(token, inputs=inputs)) if said.policy == "schedule-runs"]
    assert [said.level for said in found] == [1] * refused


def faults(token: str, **inputs: Any) -> list[str]:
    return list(schedules.runs(made(token, inputs)))


FIRST = "`rules.0.schedule` of it"
UNSET = f"{FIRST} is unknown at preview; set it to a known value"


def often(expression: str, minutes: int) -> str:
    return (
        f"{FIRST}: '{expression}' makes copies every {minutes} minutes, and AWS Backup wants at least 60 between two; "
        "make them rarer"
    )


def gone(expression: str, days: int, kept_for: str) -> str:
    return (
        f"{FIRST}: '{expression}' makes copies up to {days} days apart and keeps each for {kept_for}, so there are "
        "times without any; keep them longer, or make them more often"
    )


@pytest.mark.parametrize(
    ("inputs", "found"),
    [
        ({}, []),
        ({"rules": []}, []),
        ({"rules": UNKNOWN_TEXT}, ["`rules` of it are unknown at preview; set them to known values"]),
        (plan("rate(60 minutes)"), []),
        (plan("rate(59 minutes)"), [often("rate(59 minutes)", 59)]),
        (plan("rate(61 minutes)"), []),
        (plan(UNKNOWN_TEXT), [UNSET]),
        (plan("", None), []),
        # A time that comes once has neither a gap nor a next copy.
        (plan("at(2027-01-01T10:00:00)"), []),
        (kept("at(2027-01-01T10:00:00)", 1), []),
        (kept("rate(1 day)", 1), []),
        (kept("rate(7 days)", 7), []),
        (kept("rate(7 days)", 6), [gone("rate(7 days)", 7, "6")]),
        (kept("rate(7 days)", UNKNOWN_TEXT), []),
        (kept("", 1), []),
        (kept(UNKNOWN_TEXT, 1), [UNSET]),
    ],
)
def test_what_is_said_of_a_backup_plan(inputs: dict[str, Any], found: list[str]) -> None:
    assert faults(schedules.BACKUP_PLAN, **inputs) == found


def test_a_second_rule_is_named_by_its_number() -> None:
    first, second = faults(schedules.BACKUP_PLAN, **plan("rate(1 day)", "rate(1 days)", UNKNOWN_TEXT))
    assert first.startswith("`rules.1.schedule` of it: ")
    assert second == UNSET.replace("0", "2")


@pytest.mark.parametrize("token", [RULE, SCHEDULE, "aws:backup/restoreTestingPlan:RestoreTestingPlan"])
def test_what_is_said_of_other_schedules(token: str) -> None:
    [text] = faults(token, scheduleExpression="rate(1 days)")
    assert text.startswith("`scheduleExpression` of it: ")
    for fine in ("rate(1 minute)", "", None, UNKNOWN_TEXT):
        assert faults(token, scheduleExpression=fine) == []
