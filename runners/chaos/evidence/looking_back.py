"""What CloudWatch, the alarms and the group know of the fault once it is over, whether or not the runner was there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from contract.experiments import Experiment
from contract.probes import Expectation, Probe
from runners.chaos.equipment import Equipment
from runners.chaos.evidence.before_the_fault import EVIDENCE_TYPES, earlier, furthest, period_of
from runners.chaos.evidence.expectations import Met, marks_of, met, some_time, unclear
from runners.chaos.evidence.probing import Seen, is_metric, sampled, tolerance_of
from runners.chaos.judging.hypothesis import Sample
from runners.chaos.scaling import Launch
from runners.errors import AwsError
from runners.runs.clock import rfc3339

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
        shown, told = self._seen(asked.evidence), self._seen(expected.expectations)
        return {
            "samples": [
                [rfc3339(sample.at), sample.probe, sample.value]
                for probe, seen in zip(expected.probes, self._series(expected.probes, self.injected), strict=True)
                for sample in self._samples(probe, seen)
            ],
            "evidence": [self._evidence(probe, seen) for probe, seen in zip(asked.evidence, shown, strict=True)],
            "expectations": [
                self._expected(expectation, seen, launches).document()
                for expectation, seen in zip(expected.expectations, told, strict=True)
            ],
            "before": {
                "evidence": self._before(asked.evidence, shown),
                "expectations": self._before(expected.expectations, told),
            },
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

    def _series(self, probes: Sequence[Probe], first: datetime) -> list[list[Seen] | None]:
        """Each metric's periods from then on; None for other probes, and for what could not be read."""
        metrics = [probe for probe in probes if is_metric(probe)]
        # A period in which the fault ended says of it too. One that has just ended is not whole yet.
        whole = self.kit.clock.now() - self.kit.pace.lag
        last = max(self._ended, min(whole, self.lifted + furthest(metrics, timedelta(0))))
        try:
            found = iter(self.kit.probing.series(metrics, first, last))
        except AwsError as error:
            self.kit.say(f"{', '.join(probe.name for probe in metrics)} could not be read again: {error}")
            return [None for _ in probes]
        return [next(found) if is_metric(probe) else None for probe in probes]

    def _seen(self, probes: Sequence[Probe]) -> list[list[Seen] | None]:
        """As `_series`, from before the fault on, with one look through each of the others but `replaced`."""
        others = [probe for probe in probes if not is_metric(probe) and probe.type != _REPLACED]
        looks = iter(self.kit.probing.look(others, self.hit))
        first = self.injected - furthest(probes, self.kit.pace.baseline)
        return [
            series if is_metric(probe) or probe.type == _REPLACED else next(looks)
            for probe, series in zip(probes, self._series(probes, first), strict=True)
        ]

    def _before(self, probes: Sequence[Probe], seen: Sequence[Sequence[Seen] | None]) -> list[list[float | None]]:
        """What the metrics were until the fault; when the baseline was read, the last minutes were not there yet."""
        reach = self.kit.pace.baseline
        return [earlier(probe, own, self.injected, reach) for probe, own in zip(probes, seen, strict=True)]

    def _samples(self, probe: Probe, seen: Sequence[Seen] | None) -> list[Sample]:
        """Metrics are read anew: what the runner saw of them while they came in may not have been all."""
        if not is_metric(probe) or seen is None:
            return [
                held for held in self.samples if held.probe == probe.name and self.injected <= held.at <= self._ended
            ]
        return [sampled(probe, at, value) for at, value in seen if at <= self._ended]

    def _evidence(self, probe: Probe, seen: Sequence[Seen] | None) -> dict[str, Any]:
        """Whether one probe shows that the fault happened; `ok` is None when it shows nothing."""
        across, looked = self._split(probe, self._during(probe, seen))
        values = [value for value in looked if value is not None]
        marks, unsure = (marks_of(tolerance_of(probe), own) for own in (looked, across))
        shows = probe.type in EVIDENCE_TYPES
        return {
            "name": probe.name,
            "ok": unclear(some_time(marks), True, unsure) if shows else None,
            "expected": str(tolerance_of(probe)),
            "seen": max(values, default=None) if probe.at_least is not None else min(values, default=None),
        }

    def _expected(
        self, expectation: Expectation, seen: Sequence[Seen] | None, launches: Sequence[Launch] | None
    ) -> Met:
        if expectation.type == _REPLACED:
            done = None if launches is None else float(sum(launch.done is not None for launch in launches))
            return met(expectation, [done])
        if expectation.when == "after":
            return met(expectation, [value for _, value in self._since(expectation, self.lifted, seen)])
        if expectation.when == "throughout":
            # What breaks in the minute of the injection is the fault's until proven otherwise: users noticed it.
            return met(expectation, [value for _, value in self._since(expectation, self.injected, seen)])
        across, looked = self._split(expectation, self._during(expectation, seen))
        found = met(expectation, looked)
        return replace(found, ok=unclear(found.ok, True, marks_of(tolerance_of(expectation), across)))

    def _since(self, probe: Probe, first: datetime, seen: Sequence[Seen] | None) -> list[Seen]:
        return [(at, value) for at, value in seen or () if not is_metric(probe) or first < at <= self._ended]

    def _during(self, probe: Probe, seen: Sequence[Seen] | None) -> list[Seen]:
        """What a metric was in every period that has a part of the fault; a look counts for whatever time it is for."""
        period = period_of(probe)
        return [
            (at, value)
            for at, value in seen or ()
            if not is_metric(probe) or (at > self.injected and at - period < self.lifted)
        ]

    def _split(self, probe: Probe, seen: Sequence[Seen]) -> tuple[list[float | None], list[float | None]]:
        """What is across the injection, and what counts: what was just before the fault is no effect of it.

        Where no period begins during the fault, the one across it is all there is, and counts.
        """
        across = [value for at, value in seen if is_metric(probe) and at - period_of(probe) < self.injected]
        looked = [value for _, value in seen[len(across) :]]
        return (across, looked) if looked else ([], across)

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
