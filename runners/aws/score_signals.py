"""The resilience score as a metric, for the dashboard and the alarm on a score that has dropped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contract.names import SCORE_METRIC
from runners.analysis.score_model import Score
from runners.aws.session import Clients, calling
from runners.runs.clock import Clock


@dataclass(frozen=True, kw_only=True)
class ScoreSignals:
    """A metric without dimensions, under the name that is priced with its alarm."""

    clients: Clients
    namespace: str
    clock: Clock

    def publish(self, score: Score) -> bool:
        """Publishes the score; without one nothing, which is no zero. Says whether it did.

        Raises:
            AwsError: it could not be published.
        """
        if score.score is None:
            return False
        data: list[Any] = [{"MetricName": SCORE_METRIC, "Value": score.score, "Timestamp": self.clock.now()}]
        with calling("cloudwatch:PutMetricData", self.namespace):
            self.clients.client("cloudwatch").put_metric_data(Namespace=self.namespace, MetricData=data)
        return True
