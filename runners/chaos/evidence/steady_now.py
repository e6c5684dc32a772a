"""Whether the steady state is met now: the last minutes of each metric, and one look through the other probes."""

from __future__ import annotations

from collections.abc import Sequence

from contract.probes import Probe
from runners.chaos.equipment import Equipment
from runners.chaos.evidence.probing import is_metric, sampled
from runners.chaos.judging.hypothesis import baseline


def steady_now(probes: Sequence[Probe], kit: Equipment) -> tuple[bool | None, tuple[str, ...]]:
    """True when all that was seen is fine, None when too little was seen; and why it is not True.

    Raises:
        AwsError: the metrics could not be read.
    """
    whole = kit.clock.now() - kit.pace.lag
    metrics = [probe for probe in probes if is_metric(probe)]
    others = [probe for probe in probes if not is_metric(probe)]
    series = kit.probing.series(metrics, whole - kit.pace.baseline, whole)
    series += kit.probing.look(others, ())
    found = [sampled(probe, *seen) for probe, own in zip(metrics + others, series, strict=True) for seen in own]
    return baseline(found, [probe.name for probe in probes])
