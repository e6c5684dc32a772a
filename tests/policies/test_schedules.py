from __future__ import annotations

from typing import Any

import pytest

from policies import schedules
from tests.policies.conftest import UNKNOWN_TEXT, Declared, Servicer

RULE, SCHEDULE = "aws:cloudwatch/eventRule:EventRule", "aws:scheduler/schedule:Schedule"


def kept(expression: str, days: int) -> dict[str, Any]:
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
