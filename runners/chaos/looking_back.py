"""What CloudWatch and the alarms know of the fault once it is over: it fills the gaps of a runner that was away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from runners.chaos.equipment import Equipment
from runners.chaos.hypothesis import Sample
from runners.chaos.probing import is_metric, sampled, tolerance_of
from runners.chaos_outputs import Experiment, Probe
from runners.clock import rfc3339
from runners.errors import AwsError

# A period of a metric that began during the fault ends after it.
_TAIL: Final = timedelta(seconds=60)


def look_back(
    experiment: Experiment,
    kit: Equipment,
    samples: Sequence[Sample],
    fault: tuple[datetime, datetime],
    hit: tuple[str, ...],
) -> dict[str, Any]:
    """Samples, evidence and alarms from the injection to the newest sample, as they stand in the journal."""
    injected, lifted = fault
    ended = _ended(experiment, samples, lifted)
    found = [
        sample for probe in experiment.hypothesis.probes for sample in _samples(probe, kit, samples, injected, ended)
    ]
    changes = _changes(kit, injected, ended)
    return {
        "samples": [[rfc3339(sample.at), sample.probe, sample.value] for sample in found],
        "evidence": [_evidence(probe, kit, (injected, lifted), hit) for probe in experiment.evidence],
        "changes": None
        if changes is None
        else [[change.alarm, rfc3339(change.at), change.state] for change in changes],
        "ended": rfc3339(ended),
    }


def _ended(experiment: Experiment, samples: Sequence[Sample], lifted: datetime) -> datetime:
    """Until when every probe has looked."""
    newest = [
        max((sample.at for sample in samples if sample.probe == probe.name), default=lifted)
        for probe in experiment.hypothesis.probes
    ]
    return max(lifted, min(newest, default=lifted))


def _samples(
    probe: Probe, kit: Equipment, samples: Sequence[Sample], injected: datetime, ended: datetime
) -> list[Sample]:
    """Metrics are read anew: what the runner saw of them while they came in may not have been all."""
    own = [sample for sample in samples if sample.probe == probe.name and injected <= sample.at <= ended]
    if not is_metric(probe):
        return own
    try:
        return [sampled(probe, at, value) for at, value in kit.probing.series(probe, injected, ended)]
    except AwsError as error:
        kit.say(f"{probe.name} could not be read again: {error}")
        return own


def _evidence(probe: Probe, kit: Equipment, fault: tuple[datetime, datetime], hit: tuple[str, ...]) -> dict[str, Any]:
    """Whether one probe shows that the fault happened; `ok` is None when it shows nothing."""
    values = _values(probe, kit, fault, hit)
    fits = [tolerance_of(probe).holds(value) for value in values]
    return {
        "name": probe.name,
        "ok": any(fits) if fits else None,
        "expected": str(tolerance_of(probe)),
        "seen": max(values, default=None) if probe.at_least is not None else min(values, default=None),
    }


def _values(probe: Probe, kit: Equipment, fault: tuple[datetime, datetime], hit: tuple[str, ...]) -> list[float]:
    try:
        if is_metric(probe):
            seen = kit.probing.series(probe, fault[0], fault[1] + _TAIL)
        else:
            seen = [kit.probing.look(probe, hit)]
    except AwsError as error:
        kit.say(f"{probe.name} could not be read: {error}")
        return []
    return [value for _, value in seen if value is not None]


def _changes(kit: Equipment, injected: datetime, ended: datetime) -> list[Any] | None:
    try:
        return kit.alarms.changes(kit.alarms_watched, injected, ended + kit.pace.lag)
    except AwsError as error:
        kit.say(f"the alarms' history could not be read: {error}")
        return None
