"""What a load balancer counted, day by day, from CloudWatch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from contract.outputs import Workload
from contract.probes import Metric, Series
from runners.analysis.inputs import RequestDay
from runners.aws.metrics import AwsMetrics

_NAMESPACE: Final = "AWS/ApplicationELB"
_DAY: Final = 86_400
_MINUTE: Final = 60


@dataclass(frozen=True)
class AwsTraffic:
    """The load balancer of one workload."""

    metrics: AwsMetrics
    work: Workload

    def days(self, since: datetime, until: datetime) -> Sequence[RequestDay]:
        """The whole days (UTC) in that time, the oldest first; a day without a request or an error is not in it.

        RequestCount counts requests for which a target was chosen. What the load balancer refused by itself can only
        be among the errors: where these are more, they are taken for the requests, which never flatters.
        Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html

        Raises:
            AwsError: they could not be read.
        """
        asked = self._requests(_DAY), self._errors(_DAY)
        requests, errors = self.metrics.series(asked, since + timedelta(days=1), until)
        found = []
        for (end, count), (_, failed) in zip(requests, errors, strict=True):
            total = max(count or 0.0, failed or 0.0)
            if total:
                day = (end - timedelta(days=1)).date()
                found.append(RequestDay(day, int(total), int(failed or 0)))
        return found

    def minutes(self) -> Metric:
        """The requests of each minute, as a metric to be read."""
        return self._requests(_MINUTE)

    def _requests(self, period: int) -> Metric:
        return Metric(
            namespace=_NAMESPACE,
            name="RequestCount",
            dimensions=self._dimensions(),
            stat="Sum",
            period_seconds=period,
            missing="none",
        )

    def _errors(self, period: int) -> Metric:
        own = Series(
            namespace=_NAMESPACE,
            name="HTTPCode_ELB_5XX_Count",
            dimensions={"LoadBalancer": self.work.load_balancer or ""},
        )
        return Metric(
            namespace=_NAMESPACE,
            name="HTTPCode_Target_5XX_Count",
            dimensions=self._dimensions(),
            plus=(own,),
            stat="Sum",
            period_seconds=period,
            missing="zero",
        )

    def _dimensions(self) -> dict[str, str]:
        names = {"LoadBalancer": self.work.load_balancer, "TargetGroup": self.work.target_group}
        return {name: value for name, value in names.items() if value}
