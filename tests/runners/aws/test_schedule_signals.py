"""What the pipeline publishes is billed by the hour: seldom, but at once when something goes wrong."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest

from runners.aws.schedule_signals import SAID_AGAIN, ScheduleSignals
from runners.aws.session import AwsClients
from runners.exit_codes import ExitCode
from tests.runners.rehearsal import MemoryRecords, QuickClock

pytestmark = pytest.mark.cloud
SHORTLY = timedelta(hours=1)


class Pipeline:
    """One, with what CloudWatch was told of it."""

    def __init__(self, clients: AwsClients) -> None:
        self.clock, self.clients, self.namespace = QuickClock(), clients, f"ial/{secrets.token_hex(4)}"
        self.begun = self.clock.now()
        self.signals = ScheduleSignals(
            clients=clients, namespace=self.namespace, records=MemoryRecords(), clock=self.clock
        )

    def after(self, length: timedelta) -> ScheduleSignals:
        self.clock.sleep(length.total_seconds())
        return self.signals

    @property
    def told(self) -> list[float]:
        found = self.clients.client("cloudwatch").get_metric_statistics(
            Namespace=self.namespace,
            MetricName="PipelineFailed",
            StartTime=self.begun - SHORTLY,
            EndTime=self.clock.now() + SHORTLY,
            Period=60,
            Statistics=["Maximum"],
        )
        return [point["Maximum"] for point in sorted(found["Datapoints"], key=lambda point: str(point["Timestamp"]))]


@pytest.fixture
def pipeline(clients: AwsClients) -> Pipeline:
    return Pipeline(clients)


def test_that_all_is_well_is_said_once_in_twenty_hours(pipeline: Pipeline) -> None:
    for _ in range(40):
        pipeline.after(SHORTLY).missed(0)
    assert pipeline.told == [0.0, 0.0]


def test_what_goes_wrong_is_said_at_once_and_not_taken_back_the_same_day(pipeline: Pipeline) -> None:
    pipeline.after(SHORTLY).missed(0)
    pipeline.after(SHORTLY).missed(2)
    for _ in range(10):
        pipeline.after(SHORTLY).missed(2)
        pipeline.after(timedelta(0)).suite(ExitCode.OK)
    assert pipeline.told == [0.0, 2.0]
    pipeline.after(SAID_AGAIN).missed(0)
    assert pipeline.told == [0.0, 2.0, 0.0]


def test_a_suite_that_shows_nothing_says_nothing(pipeline: Pipeline) -> None:
    pipeline.after(SHORTLY).suite(ExitCode.NOT_STARTED)
    pipeline.after(SHORTLY).suite(ExitCode.INTERRUPTED)
    assert pipeline.told == []
    pipeline.after(SHORTLY).suite(ExitCode.REFUSED)
    assert pipeline.told == [1.0]
