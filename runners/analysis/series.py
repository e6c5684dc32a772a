"""The measures that are followed over time, by experiment or resource; runs of one day are one value, their median."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf
from typing import ClassVar, Final, Literal

from runners.analysis.records import ChaosRecord, DrillRecord, Record
from runners.analysis.score_model import Weights
from runners.analysis.statistics.median import median
from runners.analysis.weights import WEIGHTS
from runners.analysis.worth import points_of

RECOVERY: Final = "recovery in seconds"
DETECTION: Final = "detection in seconds"
WORTH: Final = "points of the score"
DRILL: Final = "proven restore in seconds"
# A tenth of an objective, and two points of the score: less does not matter to anybody.
SHARE_OF_OBJECTIVE: Final = 0.1
POINTS: Final = 2.0
_MOST_RUNS: Final = 3


@dataclass
class Day:
    """What was measured on one day; `runs` names the first of its runs."""

    values: array[float] = field(default_factory=lambda: array("d"))
    runs: list[str] = field(default_factory=list)
    revision: str | None = None

    @property
    def value(self) -> float:
        """The median of the day; infinity is what did not come about."""
        return median(self.values) or 0.0

    def add(self, value: float, record: Record) -> None:
        """Counts a run."""
        self.values.append(value)
        if len(self.runs) == _MOST_RUNS and record.run >= self.runs[-1]:
            return
        self.runs = sorted([*self.runs, record.run])[:_MOST_RUNS]
        if record.run == self.runs[0]:
            self.revision = record.revision


@dataclass
class Followed:
    """One measure of one experiment or resource, by day (YYYYMMDD). `threshold` is that of the newest run."""

    measure: str
    of: str
    better: Literal["more", "less"]
    threshold: float = 0.0
    days: dict[str, Day] = field(default_factory=dict)
    _newest: str = ""

    def add(self, value: float, threshold: float, record: Record) -> None:
        """Counts a run."""
        day = self.days.get(record.run[:8])
        if day is None:
            day = self.days[record.run[:8]] = Day()
        day.add(value, record)
        if record.run > self._newest:
            self._newest, self.threshold = record.run, threshold


@dataclass
class Following:
    """Takes records in, one by one."""

    kinds: ClassVar[frozenset[type[Record]]] = frozenset({ChaosRecord, DrillRecord})
    detection_seconds: int
    weights: Weights = WEIGHTS
    _series: dict[tuple[str, str], Followed] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        """Counts a run that says something."""
        if isinstance(record, ChaosRecord) and record.says_something:
            for measure, value, threshold in self._of_experiment(record):
                self._followed(measure, record.experiment).add(value, threshold, record)
        elif isinstance(record, DrillRecord) and record.verdict in ("passed", "failed"):
            proven = record.rto_seconds if record.verdict == "passed" else None
            threshold = SHARE_OF_OBJECTIVE * 60 * record.objective_minutes
            self._followed(DRILL, record.resource).add(inf if proven is None else proven, threshold, record)

    def series(self) -> list[Followed]:
        """All of them, in a fixed order."""
        return [self._series[key] for key in sorted(self._series, key=lambda key: (key[1], key[0]))]

    def _of_experiment(self, record: ChaosRecord) -> Iterator[tuple[str, float, float]]:
        seen, threshold = record.kpis, SHARE_OF_OBJECTIVE * record.hypothesis.rto_seconds
        if record.broke or seen.recovered_after_seconds is None:
            yield RECOVERY, inf if seen.recovered_after_seconds is None else seen.recovered_after_seconds, threshold
        alerts = record.alerts
        if record.broke and alerts is not None and (alerts.fired or alerts.missed):
            after = seen.detected_after_seconds
            yield DETECTION, inf if after is None else after, SHARE_OF_OBJECTIVE * self.detection_seconds
        yield WORTH, points_of(record, self.weights), POINTS

    def _followed(self, measure: str, of: str) -> Followed:
        held = self._series.get((measure, of))
        if held is None:
            better: Literal["more", "less"] = "more" if measure == WORTH else "less"
            held = self._series[measure, of] = Followed(measure, of, better)
        return held
