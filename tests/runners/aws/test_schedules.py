"""Changing one point of a schedule, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from runners.aws.schedules import AwsSchedules
from runners.aws.session import AwsClients
from runners.errors import AwsError

pytestmark = pytest.mark.cloud
NAME = "switched"
TARGET = {
    "Arn": "arn:aws:scheduler:::aws-sdk:fis:startExperiment",
    "RoleArn": "arn:aws:iam::123456789012:role/starter",
    "Input": '{"ExperimentTemplateId": "EXT1"}',
    "RetryPolicy": {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60},
}


@pytest.fixture
def schedules(clients: AwsClients) -> Iterator[AwsSchedules]:
    scheduler = clients.client("scheduler")
    scheduler.create_schedule(
        Name=NAME,
        Description="Starts it.",
        ScheduleExpression="cron(0 10 ? * TUE *)",
        ScheduleExpressionTimezone="Europe/Lisbon",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target=TARGET,
    )
    yield AwsSchedules(clients)
    scheduler.delete_schedule(Name=NAME)


def held(schedules: AwsSchedules) -> dict[str, Any]:
    found: dict[str, Any] = {**schedules.clients.client("scheduler").get_schedule(Name=NAME)}
    changing = ("State", "StartDate", "LastModificationDate", "ResponseMetadata")
    return {"state": found["State"], "rest": {key: found[key] for key in found if key not in changing}}


def test_it_is_switched_and_else_as_it_was(schedules: AwsSchedules) -> None:
    before = held(schedules)
    assert before["state"] == "ENABLED"
    for on, state in ((False, "DISABLED"), (False, "DISABLED"), (True, "ENABLED")):
        schedules.switch(NAME, on=on)
        assert held(schedules) == {"state": state, "rest": before["rest"]}


def test_moving_its_begin_does_not_enable_it(schedules: AwsSchedules) -> None:
    schedules.switch(NAME, on=False)
    before = held(schedules)
    schedules.begin_at(NAME, datetime(2030, 1, 1, tzinfo=UTC))
    assert held(schedules) == before


def test_one_that_is_not_there(clients: AwsClients) -> None:
    with pytest.raises(AwsError, match="scheduler:GetSchedule"):
        AwsSchedules(clients).switch("nobody", on=False)
