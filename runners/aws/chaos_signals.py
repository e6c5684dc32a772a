"""What experiments tell CloudWatch: how long until somebody knew, and until all was well again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contract.names import DETECTION_METRIC, RECOVERY_METRIC
from runners.aws.session import Clients, calling
from runners.chaos.record.chaos_record import ChaosRecord
from runners.runs.clock import Clock


@dataclass(frozen=True, kw_only=True)
class ChaosSignals:
    """Metrics without dimensions, under the names that are budgeted."""

    clients: Clients
    namespace: str
    clock: Clock

    def run(self, record: ChaosRecord) -> None:
        """Publishes the two times of a run, where they are known and the run says something.

        Raises:
            AwsError: they could not be published.
        """
        recovered = None if record.outcome is None else record.outcome.recovered_after
        known = ((DETECTION_METRIC, record.detected_after), (RECOVERY_METRIC, recovered))
        data: list[Any] = [
            {"MetricName": name, "Value": value, "Timestamp": self.clock.now()}
            for name, value in known
            if value is not None and record.judgement.verdict.scored
        ]
        if data:
            with calling("cloudwatch:PutMetricData", self.namespace):
                self.clients.client("cloudwatch").put_metric_data(Namespace=self.namespace, MetricData=data)
