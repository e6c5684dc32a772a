"""What the pipeline tells CloudWatch of its schedules: how much of what was planned has not started."""

from __future__ import annotations

from dataclasses import dataclass

from contract.names import MISSED_METRIC
from runners.aws.session import Clients, calling
from runners.runs.clock import Clock


@dataclass(frozen=True, kw_only=True)
class ScheduleSignals:
    """One metric without dimensions. Its silence is an alarm too: then nobody looks what is due."""

    clients: Clients
    namespace: str
    clock: Clock

    def missed(self, count: int) -> None:
        """Publishes how many planned runs have not started for long.

        Raises:
            AwsError: it could not be published.
        """
        with calling("cloudwatch:PutMetricData", self.namespace):
            self.clients.client("cloudwatch").put_metric_data(
                Namespace=self.namespace,
                MetricData=[{"MetricName": MISSED_METRIC, "Value": float(count), "Timestamp": self.clock.now()}],
            )
