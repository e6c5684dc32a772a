"""Probes through boto3 and HTTP: metrics all together, and one value for each that is looked at by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from contract.probes import Probe
from runners.aws.look import Looking, all_looks
from runners.aws.metrics import AwsMetrics
from runners.aws.session import Clients
from runners.chaos.evidence.probing import Seen
from runners.errors import AwsError
from runners.runs.clock import Clock

# A metric is whole about this long after the end of its period.
LAG: Final = timedelta(seconds=60)
# What is not there this long after the end of its period will not come.
SETTLED: Final = timedelta(minutes=3)


@dataclass(frozen=True)
class AwsProbes:
    """One account and region. `base` is the load balancer's address, for paths, `host_name` the service's name."""

    clients: Clients
    clock: Clock
    base: Callable[[], str]
    lag: timedelta = LAG
    host_name: str | None = None
    _looking: Looking = field(init=False)
    _metrics: AwsMetrics = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_looking", Looking(self.clients, self.clock, self.base, self.host_name))
        object.__setattr__(self, "_metrics", AwsMetrics(self.clients))

    def look(self, probes: Sequence[Probe], hit: Sequence[str]) -> list[list[Seen]]:
        """What each sees now, of metrics what is known of the newest periods; None when it could not be seen."""
        now = self.clock.now()
        metrics = [probe.metric for probe in probes if probe.metric is not None]
        newest = iter(self._metrics.newest(metrics, now - self.lag, now - SETTLED))
        return [next(newest) if probe.metric is not None else [(now, self._value(probe, hit))] for probe in probes]

    def series(self, probes: Sequence[Probe], first: datetime, last: datetime) -> list[list[Seen]]:
        """Of each metric the whole periods that end in that time."""
        return self._metrics.series([probe.metric for probe in probes if probe.metric is not None], first, last)

    def _value(self, probe: Probe, hit: Sequence[str]) -> float | None:
        try:
            return all_looks()[probe.type](self._looking, probe.target, hit)
        except (AwsError, LookupError):
            return None
