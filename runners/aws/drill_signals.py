"""What drills tell CloudWatch: how long a restore took, how much would be lost, and whether recovery is proven."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from contract.names import DATA_LOSS_METRIC, DRILL_FAILED_METRIC, RESTORE_METRIC
from runners.aws.schedules import AwsSchedules
from runners.aws.session import Clients, calling
from runners.backup.drill_record import DrillRecord
from runners.backup.evidence import Verdict
from runners.backup.recovery_test import RecoveryTest
from runners.runs.clock import Clock


@dataclass(frozen=True, kw_only=True)
class DrillSignals:
    """Metrics without dimensions, under the names that are budgeted, and the switch that fires when no drill passes."""

    clients: Clients
    namespace: str
    overdue_schedule: str | None
    overdue_after: timedelta
    clock: Clock

    def drill(self, record: DrillRecord) -> None:
        """Publishes the two times of a drill, where they are known.

        Raises:
            AwsError: they could not be published.
        """
        known = ((RESTORE_METRIC, record.rto_seconds), (DATA_LOSS_METRIC, record.rpo_seconds))
        self._publish([(name, seconds / 60) for name, seconds in known if seconds is not None])

    def test(self, test: RecoveryTest) -> None:
        """Publishes whether recovery is proven, and moves the day on which its absence raises the alarm.

        Any drill that ran and did not pass says no. Only a full test in which every part passed says yes: one table
        that is fine must not clear the alarm that another one raised. A part that was refused or left out says
        nothing; the absence will.

        Raises:
            AwsError: it could not be published, or the schedule could not be moved.
        """
        ran = [record for record in test.records if record.verdict is not Verdict.REFUSED]
        if any(record.verdict is not Verdict.PASSED or not record.cleaned for record in ran):
            self._publish([(DRILL_FAILED_METRIC, 1.0)])
        elif test.full and test.passed:
            self._publish([(DRILL_FAILED_METRIC, 0.0)])
            self._postpone()

    def _publish(self, values: list[tuple[str, float]]) -> None:
        data: list[Any] = [
            {"MetricName": name, "Value": value, "Timestamp": self.clock.now()} for name, value in values
        ]
        if data:
            with calling("cloudwatch:PutMetricData", self.namespace):
                self.clients.client("cloudwatch").put_metric_data(Namespace=self.namespace, MetricData=data)

    def _postpone(self) -> None:
        name = self.overdue_schedule
        if name is not None:
            AwsSchedules(self.clients).begin_at(name, self.clock.now() + self.overdue_after)
