"""What CloudWatch, the alarms and the group know of the fault once it is over, whether or not the runner was there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from runners.chaos.equipment import Equipment
from runners.chaos.expectations import met
from runners.chaos.hypothesis import Sample
from runners.chaos.probing import Seen, is_metric, sampled, tolerance_of
from runners.chaos.scaling import Launch
from runners.chaos_outputs import Expectation, Experiment, Probe
from runners.clock import rfc3339
from runners.errors import AwsError

# A period of a metric that began during the fault ends after it.
_TAIL: Final = timedelta(seconds=60)
_REPLACED: Final = "replaced"


@dataclass(frozen=True)
class LookingBack:
    """From the injection to the newest sample of every probe."""

    experiment: Experiment
    kit: Equipment
    samples: Sequence[Sample]
    injected: datetime
    lifted: datetime
    hit: tuple[str, ...]

    def found(self) -> dict[str, Any]:
        """Samples, evidence, expectations, launches and alarms, as they stand in the journal."""
        changes, launches = self._changes(), self._launches()
        asked, expected = self.experiment, self.experiment.hypothesis
        return {
            "samples": [
                [rfc3339(sample.at), sample.probe, sample.value]
                for probe, seen in zip(expected.probes, self._series(expected.probes), strict=True)
                for sample in self._samples(probe, seen)
            ],
            "evidence": [
                self._evidence(probe, seen)
                for probe, seen in zip(asked.evidence, self._seen(asked.evidence), strict=True)
            ],
            "expectations": [
                met(expectation, self._expected(expectation, seen, launches)).document()
                for expectation, seen in zip(expected.expectations, self._seen(expected.expectations), strict=True)
            ],
            "launches": None if launches is None else [_launch(launch) for launch in launches],
            "changes": None
            if changes is None
            else [[change.alarm, rfc3339(change.at), change.state] for change in changes],
            "ended": rfc3339(self._ended),
        }

    @cached_property
    def _ended(self) -> datetime:
        """Until when every probe has looked."""
        newest = [
            max((sample.at for sample in self.samples if sample.probe == probe.name), default=self.lifted)
            for probe in self.experiment.hypothesis.probes
        ]
        return max(self.lifted, min(newest, default=self.lifted))

    def _series(self, probes: Sequence[Probe]) -> list[list[Seen] | None]:
        """Each metric's periods from the injection on; None for other probes, and for what could not be read."""
        metrics = [probe for probe in probes if is_metric(probe)]
        try:
            found = iter(self.kit.probing.series(metrics, self.injected, max(self._ended, self.lifted + _TAIL)))
        except AwsError as error:
            self.kit.say(f"{', '.join(probe.name for probe in metrics)} could not be read again: {error}")
            return [None for _ in probes]
        return [next(found) if is_metric(probe) else None for probe in probes]

    def _seen(self, probes: Sequence[Probe]) -> list[list[Seen] | None]:
        """As `_series`, with one look through each of the others; what the group has replaced is no look."""
        others = [probe for probe in probes if not is_metric(probe) and probe.type != _REPLACED]
        looks = iter(self.kit.probing.look(others, self.hit))
        return [
            series if is_metric(probe) or probe.type == _REPLACED else [next(looks)]
            for probe, series in zip(probes, self._series(probes), strict=True)
        ]

    def _samples(self, probe: Probe, seen: Sequence[Seen] | None) -> list[Sample]:
        """Metrics are read anew: what the runner saw of them while they came in may not have been all."""
        if not is_metric(probe) or seen is None:
            return [
                held for held in self.samples if held.probe == probe.name and self.injected <= held.at <= self._ended
            ]
        return [sampled(probe, at, value) for at, value in seen if at <= self._ended]

    def _evidence(self, probe: Probe, seen: Sequence[Seen] | None) -> dict[str, Any]:
        """Whether one probe shows that the fault happened; `ok` is None when it shows nothing."""
        looked = _between(probe, seen, self.injected, self.lifted + _TAIL)
        values = [value for value in looked if value is not None]
        fits = [tolerance_of(probe).holds(value) for value in values]
        return {
            "name": probe.name,
            "ok": any(fits) if fits else None,
            "expected": str(tolerance_of(probe)),
            "seen": max(values, default=None) if probe.at_least is not None else min(values, default=None),
        }

    def _expected(
        self, expectation: Expectation, seen: Sequence[Seen] | None, launches: Sequence[Launch] | None
    ) -> list[float | None]:
        if expectation.type == _REPLACED:
            return [None if launches is None else float(sum(launch.done is not None for launch in launches))]
        first = self.injected if expectation.when != "after" else self.lifted
        last = self.lifted + _TAIL if expectation.when == "during" else self._ended
        return _between(expectation, seen, first, last)

    def _launches(self) -> Sequence[Launch] | None:
        """None when there is no group, or it does not tell."""
        reach = self.experiment.blast_radius
        if reach.group is None or reach.group_kind != "auto-scaling-group":
            return None
        try:
            return self.kit.scaling.launches(reach.group, self.injected)
        except AwsError as error:
            self.kit.say(f"the activities of {reach.group} could not be read: {error}")
            return None

    def _changes(self) -> list[Any] | None:
        try:
            return self.kit.alarms.changes(self.kit.alarms_watched, self.injected, self._ended + self.kit.pace.lag)
        except AwsError as error:
            self.kit.say(f"the alarms' history could not be read: {error}")
            return None


def _between(probe: Probe, seen: Sequence[Seen] | None, first: datetime, last: datetime) -> list[float | None]:
    """What a metric was in that time. What others see now counts for whatever time they are asked about."""
    return [value for at, value in seen or () if not is_metric(probe) or first <= at <= last]


def _launch(launch: Launch) -> list[str | None]:
    return [launch.instance, rfc3339(launch.began), None if launch.done is None else rfc3339(launch.done)]
