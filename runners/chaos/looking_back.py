"""What CloudWatch, the alarms and the group know of the fault once it is over, whether or not the runner was there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from runners.chaos.equipment import Equipment
from runners.chaos.expectations import met
from runners.chaos.hypothesis import Sample
from runners.chaos.probing import is_metric, sampled, tolerance_of
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
        return {
            "samples": [
                [rfc3339(sample.at), sample.probe, sample.value]
                for probe in self.experiment.hypothesis.probes
                for sample in self._samples(probe)
            ],
            "evidence": [self._evidence(probe) for probe in self.experiment.evidence],
            "expectations": [
                met(expectation, self._expected(expectation, launches)).document()
                for expectation in self.experiment.hypothesis.expectations
            ],
            "launches": None if launches is None else [_launch(launch) for launch in launches],
            "changes": None
            if changes is None
            else [[change.alarm, rfc3339(change.at), change.state] for change in changes],
            "ended": rfc3339(self._ended),
        }

    @property
    def _ended(self) -> datetime:
        """Until when every probe has looked."""
        newest = [
            max((sample.at for sample in self.samples if sample.probe == probe.name), default=self.lifted)
            for probe in self.experiment.hypothesis.probes
        ]
        return max(self.lifted, min(newest, default=self.lifted))

    def _samples(self, probe: Probe) -> list[Sample]:
        """Metrics are read anew: what the runner saw of them while they came in may not have been all."""
        own = [held for held in self.samples if held.probe == probe.name and self.injected <= held.at <= self._ended]
        if not is_metric(probe):
            return own
        try:
            return [
                sampled(probe, at, value) for at, value in self.kit.probing.series(probe, self.injected, self._ended)
            ]
        except AwsError as error:
            self.kit.say(f"{probe.name} could not be read again: {error}")
            return own

    def _evidence(self, probe: Probe) -> dict[str, Any]:
        """Whether one probe shows that the fault happened; `ok` is None when it shows nothing."""
        looked = self._values(probe, self.injected, self.lifted + _TAIL)
        values = [value for value in looked if value is not None]
        fits = [tolerance_of(probe).holds(value) for value in values]
        return {
            "name": probe.name,
            "ok": any(fits) if fits else None,
            "expected": str(tolerance_of(probe)),
            "seen": max(values, default=None) if probe.at_least is not None else min(values, default=None),
        }

    def _expected(self, expectation: Expectation, launches: Sequence[Launch] | None) -> list[float | None]:
        if expectation.type == _REPLACED:
            return [None if launches is None else float(sum(launch.done is not None for launch in launches))]
        first = self.injected if expectation.when != "after" else self.lifted
        last = self.lifted + _TAIL if expectation.when == "during" else self._ended
        return self._values(expectation, first, last)

    def _values(self, probe: Probe, first: datetime, last: datetime) -> list[float | None]:
        try:
            if is_metric(probe):
                return [value for _, value in self.kit.probing.series(probe, first, last)]
            return [self.kit.probing.look(probe, self.hit)[1]]
        except AwsError as error:
            self.kit.say(f"{probe.name} could not be read: {error}")
            return []

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


def _launch(launch: Launch) -> list[str | None]:
    return [launch.instance, rfc3339(launch.began), None if launch.done is None else rfc3339(launch.done)]
