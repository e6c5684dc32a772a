from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contract.names import DATA_LOSS_METRIC, DRILL_FAILED_METRIC, RESTORE_METRIC
from runners.aws.drill_signals import DrillSignals
from runners.aws.session import AwsClients
from runners.backup.drill_record import DrillRecord
from runners.backup.evidence import Verdict
from runners.backup.recovery_test import RecoveryTest
from runners.runs.clock import SystemClock
from tests.runners.backup.test_recovery_test import PASSED

pytestmark = pytest.mark.cloud
OVERDUE = timedelta(days=35)


@pytest.fixture
def signals(clients: AwsClients) -> Iterator[DrillSignals]:
    name = f"drill-overdue-{secrets.token_hex(4)}"
    scheduler = clients.client("scheduler")
    scheduler.create_schedule(
        Name=name,
        ScheduleExpression="rate(35 days)",
        Description="no drill has passed",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={
            "Arn": "arn:aws:scheduler:::aws-sdk:cloudwatch:putMetricData",
            "RoleArn": "arn:aws:iam::123456789012:role/scheduler",
            "Input": "{}",
        },
    )
    yield DrillSignals(
        clients=clients, namespace=name, overdue_schedule=name, overdue_after=OVERDUE, clock=SystemClock()
    )
    scheduler.delete_schedule(Name=name)


def values(signals: DrillSignals, metric: str) -> list[float]:
    now = datetime.now(UTC)
    found = signals.clients.client("cloudwatch").get_metric_statistics(
        Namespace=signals.namespace,
        MetricName=metric,
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(hours=1),
        Period=3600,
        Statistics=["Maximum"],
    )
    return [point["Maximum"] for point in found["Datapoints"]]


def full(records: Sequence[DrillRecord]) -> RecoveryTest:
    return RecoveryTest(stack="dev", full=True, records=tuple(records))


def begins(signals: DrillSignals) -> datetime | None:
    held = signals.clients.client("scheduler").get_schedule(Name=signals.overdue_schedule or "")
    start: datetime | None = held.get("StartDate")
    return start


def test_the_times_of_a_drill_in_minutes(signals: DrillSignals) -> None:
    signals.drill(PASSED)
    assert values(signals, RESTORE_METRIC) == [pytest.approx(0.7)]
    assert values(signals, DATA_LOSS_METRIC) == [pytest.approx(5)]


def test_a_time_that_is_unknown_is_not_published(signals: DrillSignals) -> None:
    signals.drill(replace(PASSED, rto_seconds=None, rpo_seconds=None))
    assert values(signals, RESTORE_METRIC) == values(signals, DATA_LOSS_METRIC) == []


def test_a_full_test_that_passed_clears_the_alarm_and_moves_the_switch(signals: DrillSignals) -> None:
    before: Any = signals.clients.client("scheduler").get_schedule(Name=signals.overdue_schedule or "")
    signals.test(full([PASSED, PASSED]))
    assert values(signals, DRILL_FAILED_METRIC) == [0]
    start = begins(signals)
    assert start is not None
    assert abs(start - datetime.now(UTC) - OVERDUE) < timedelta(minutes=1)
    after: Any = signals.clients.client("scheduler").get_schedule(Name=signals.overdue_schedule or "")
    kept = ("ScheduleExpression", "Description", "FlexibleTimeWindow", "Target", "State")
    assert {key: after[key] for key in kept} == {key: before[key] for key in kept}


@pytest.mark.parametrize(
    "other",
    [
        *(replace(PASSED, verdict=verdict) for verdict in Verdict if verdict not in (Verdict.PASSED, Verdict.REFUSED)),
        replace(PASSED, cleaned=False),
    ],
)
def test_anything_else_that_ran_raises_it(signals: DrillSignals, other: DrillRecord) -> None:
    signals.test(full([PASSED, other]))
    assert values(signals, DRILL_FAILED_METRIC) == [1]
    assert begins(signals) is None


@pytest.mark.parametrize(
    "test",
    [
        replace(full([PASSED]), full=False),
        full([replace(PASSED, verdict=Verdict.REFUSED)]),
        full([PASSED, replace(PASSED, verdict=Verdict.REFUSED)]),
        full([]),
        replace(full([PASSED]), left_out=(("shop-db", "nothing can ask it whether it answers"),)),
    ],
)
def test_what_proves_nothing_says_nothing(signals: DrillSignals, test: RecoveryTest) -> None:
    signals.test(test)
    assert values(signals, DRILL_FAILED_METRIC) == []
    assert begins(signals) is None


def test_a_stack_without_the_switch_still_clears_the_alarm(signals: DrillSignals) -> None:
    replace(signals, overdue_schedule=None).test(full([PASSED]))
    assert values(signals, DRILL_FAILED_METRIC) == [0]
