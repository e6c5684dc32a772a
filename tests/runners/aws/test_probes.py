"""Looking at a metric: asked for until its period is there, and then not again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from runners.aws.probes import AwsProbes
from runners.aws.session import AwsClients
from runners.chaos_outputs import Metric, Probe

pytestmark = pytest.mark.cloud
MINUTE = timedelta(minutes=1)


@dataclass
class SetClock:
    """A clock that is set by hand."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def test_a_period_is_asked_for_until_it_is_there(clients: AwsClients) -> None:
    watch = clients.client("cloudwatch")
    begin = datetime.now(UTC).replace(second=0, microsecond=0) - 5 * MINUTE
    clock, asked = SetClock(begin + 2 * MINUTE), list[Any]()

    def note(**seen: Any) -> None:
        asked.append(seen)

    metric = Metric(
        namespace="test/probes", name="Latency", dimensions={}, stat="Sum", period_seconds=60, missing="none"
    )
    probe = Probe(name="latency", type="metric", target="", metric=metric, at_least=None, at_most=1)
    probes = AwsProbes(clients, clock, lambda: "")
    watch.meta.events.register("before-call.cloudwatch.GetMetricData", note)
    try:
        assert probes.look([probe], ()) == [(begin + MINUTE, None)]
        data: list[Any] = [
            {"MetricName": "Latency", "Timestamp": begin + number * MINUTE, "Value": value}
            for number, value in enumerate((7, 8))
        ]
        watch.put_metric_data(Namespace="test/probes", MetricData=data)
        for _ in range(5):
            assert probes.look([probe], ()) == [(begin + MINUTE, 7)]
            clock.sleep(10)
        assert len(asked) == 2
        clock.sleep(10)
        assert probes.look([probe], ()) == [(begin + 2 * MINUTE, 8)]
        assert len(asked) == 3
    finally:
        watch.meta.events.unregister("before-call.cloudwatch.GetMetricData", note)
