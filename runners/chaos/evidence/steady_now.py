"""Whether the workload is steady: the last minutes of each metric, and one look through the other probes."""

from __future__ import annotations

from datetime import datetime

from contract.experiments import Experiment
from runners.chaos.equipment import Equipment
from runners.chaos.evidence.probing import is_metric, sampled
from runners.chaos.judging.hypothesis import baseline


def steady_now(experiment: Experiment, kit: Equipment, now: datetime) -> tuple[bool | None, list[str]]:
    """Whether the experiment's hypothesis holds without a fault, None when that is not known; and why it does not.

    Raises:
        AwsError: the metrics could not be read.
    """
    metrics = [probe for probe in experiment.hypothesis.probes if is_metric(probe)]
    others = [probe for probe in experiment.hypothesis.probes if not is_metric(probe)]
    series = kit.probing.series(metrics, now - kit.pace.baseline - kit.pace.lag, now - kit.pace.lag)
    series += kit.probing.look(others, ())
    found = [sampled(probe, *seen) for probe, own in zip(metrics + others, series, strict=True) for seen in own]
    steady, reasons = baseline(found, [probe.name for probe in experiment.hypothesis.probes])
    return steady, list(reasons)
