"""Whether a stop alarm and the hypothesis agree on what is bad. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from contract.experiments import Experiment
from contract.probes import Probe
from runners.chaos.before.reasons import ChaosReason
from runners.chaos.evidence.probing import tolerance_of
from runners.runs.reason import Obstacle


@dataclass(frozen=True, kw_only=True)
class AlarmLimit:
    """Beyond which value of its one metric, or of the sum of its metrics, an alarm rings; `included`: at it, too."""

    value: float
    upwards: bool
    included: bool
    stat: str
    period_seconds: int

    def rings_within(self, probe: Probe) -> bool:
        """Whether it rings at a value that the probe takes for fine."""
        edge = probe.at_most if self.upwards else probe.at_least
        if edge is None:
            return False
        return (self.value < edge) == self.upwards if self.value != edge else self.included


def limit_obstacles(
    experiment: Experiment, alarm: str, metrics: Collection[str], limit: AlarmLimit | None
) -> Iterator[Obstacle]:
    """A warning for each probe of the same metrics whose tolerance holds values at which the stop alarm rings."""
    expected = experiment.hypothesis
    for probe in (*expected.probes, *expected.expectations):
        if limit is None or not _of_the_same(probe, metrics, limit) or not limit.rings_within(probe):
            continue
        yield ChaosReason.ALARM_WITHIN_TOLERANCE.against(
            alarm=alarm, value=f"{limit.value:g}", probe=probe.name, tolerance=tolerance_of(probe)
        )


def _of_the_same(probe: Probe, metrics: Collection[str], limit: AlarmLimit) -> bool:
    seen = probe.metric
    if seen is None or (seen.stat, seen.period_seconds) != (limit.stat, limit.period_seconds):
        return False
    return {f"{part.namespace}/{part.name}" for part in (seen, *seen.plus)} == set(metrics)
