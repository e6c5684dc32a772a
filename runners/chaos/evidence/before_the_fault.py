"""What evidence and expectations saw before the fault. What was so already does not come from the fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from contract.experiments import Experiment
from contract.probes import Probe
from runners.chaos.evidence.probing import Probing, Seen, is_metric

# What can show a fault: metrics have its time, and what was hit and is gone does not come back.
EVIDENCE_TYPES: Final = frozenset({"metric", "instances"})
Before = dict[str, list[list[float | None]]]


def before_the_fault(experiment: Experiment, probing: Probing, until: datetime, reach: timedelta) -> Before:
    """The values of the last minutes, as they stand in the journal: of each probe, in the order of the experiment.

    Raises:
        AwsError: the metrics could not be read.
    """
    asked = parts_of(experiment)
    probes = [probe for own in asked.values() for probe in own]
    metrics = [probe for probe in probes if is_metric(probe)]
    series = iter(probing.series(metrics, until - furthest(metrics, reach), until))
    # Nothing has been hit yet, so nothing of it is gone.
    looks = iter(probing.look([probe for probe in probes if probe.type == "instances"], ()))

    def values(probe: Probe) -> list[float | None]:
        if is_metric(probe):
            return earlier(probe, next(series), until, reach)
        return [value for _, value in next(looks)] if probe.type == "instances" else []

    return {part: [values(probe) for probe in own] for part, own in asked.items()}


def parts_of(experiment: Experiment) -> dict[str, Sequence[Probe]]:
    """The probes that say something of the fault, by what they are for."""
    return {"evidence": experiment.evidence, "expectations": experiment.hypothesis.expectations}


def earlier(probe: Probe, seen: Sequence[Seen] | None, until: datetime, reach: timedelta) -> list[float | None]:
    """A metric's values of the periods that ended in that time, the last of a long period included."""
    first = until - furthest([probe], reach)
    return [value for at, value in seen or () if is_metric(probe) and first <= at <= until]


def furthest(probes: Sequence[Probe], reach: timedelta) -> timedelta:
    """How far back one has to look for a whole period of each metric, and at least so far."""
    return max([reach, *(period_of(probe) for probe in probes)])


def period_of(probe: Probe) -> timedelta:
    """What one value of a probe covers; nothing, where it is a look."""
    return timedelta(seconds=probe.metric.period_seconds if probe.metric is not None else 0)


def noted(entries: Sequence[Mapping[str, Any]], part: str, count: int) -> list[list[float | None]]:
    """What these lines of a journal have noted of each of so many probes; older ones have noted nothing."""
    lists = [entry.get("before", {}).get(part, []) for entry in entries]
    return [[value for own in lists if own for value in own[number]] for number in range(count)]
