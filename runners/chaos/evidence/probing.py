"""Looking at the workload through probes: a port, and the samples that come of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from contract.experiments import Experiment
from contract.probes import Probe
from runners.chaos.judging.hypothesis import Sample, Tolerance
from runners.runs.clock import parse_rfc3339

Seen = tuple[datetime, float | None]


class Probing(Protocol):
    """Looks through probes. A look that fails gives no value, which is no good news."""

    def look(self, probes: Sequence[Probe], hit: Sequence[str]) -> list[list[Seen]]:
        """What each sees now: for metrics, what is known of the newest whole periods, each with its end, oldest first.

        `hit` is what the fault has hit.
        """

    def series(self, probes: Sequence[Probe], first: datetime, last: datetime) -> list[list[Seen]]:
        """Of each metric the whole periods that end in that time, each with its end; None where there is no data.

        Raises:
            AwsError: they could not be read.
        """


def tolerance_of(probe: Probe) -> Tolerance:
    """The values that are fine."""
    return Tolerance(at_least=probe.at_least, at_most=probe.at_most)


def sampled(probe: Probe, at: datetime, value: float | None) -> Sample:
    """A look as a sample."""
    return Sample.of(at, probe.name, value, tolerance_of(probe))


def noted_samples(noted: Iterable[Sequence[Any]], experiment: Experiment) -> list[Sample]:
    """Samples of the hypothesis as journals have them: time, name of the probe, value."""
    tolerances = {probe.name: tolerance_of(probe) for probe in experiment.hypothesis.probes}
    return [Sample.of(parse_rfc3339(at), name, value, tolerances[name]) for at, name, value in noted]


def is_metric(probe: Probe) -> bool:
    """Whether CloudWatch keeps what the probe sees, so that it can be read later."""
    return probe.type == "metric"
