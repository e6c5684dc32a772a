"""The measures that are followed over time, by experiment or resource; runs of one day are one value, their median."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from math import inf
from typing import ClassVar, Final, Literal

from runners.analysis.records import ChaosRecord, DrillRecord, Record
from runners.analysis.score_model import Weights
from runners.analysis.statistics.median import median
from runners.analysis.taker import Taker
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
# After the name of every run.
_AFTER_ALL: Final = "~"


@dataclass
class Day:
    """What was measured on one day; `runs` names the first of its runs, and those that are missing are `before`."""

    values: array[float] = field(default_factory=lambda: array("d"))
    runs: list[str] = field(default_factory=list)
    revision: str | None = None
    before: str = _AFTER_ALL

    @property
    def value(self) -> float:
        """The median of the day; infinity is what did not come about."""
        return median(self.values) or 0.0

    def name(self, record: Record) -> None:
        """Names a run, if it is one of the first."""
        self.runs = sorted([*self.runs, record.run])[:_MOST_RUNS]
        if record.run == self.runs[0]:
            self.revision = record.revision
        if len(self.runs) == _MOST_RUNS:
            self.before = self.runs[-1]


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
        run = record.run
        day = self.days.get(run[:8])
        if day is None:
            day = self.days[run[:8]] = Day()
        day.values.append(value)
        if run < day.before:
            day.name(record)
        if run > self._newest:
            self._newest, self.threshold = run, threshold


class Following(Taker[ChaosRecord | DrillRecord]):
    """Takes records in, one by one."""

    kinds: ClassVar[frozenset[type[Record]]] = frozenset({ChaosRecord, DrillRecord})

    def __init__(self, detection_seconds: int, weights: Weights = WEIGHTS) -> None:
        self._detection_threshold, self._weights = SHARE_OF_OBJECTIVE * detection_seconds, weights
        self._series: dict[tuple[str, str], Followed] = {}

    def add(self, record: ChaosRecord | DrillRecord) -> None:
        """Counts a run that says something."""
        if isinstance(record, ChaosRecord):
            self._experiment(record)
            return
        proven = record.rto_seconds if record.verdict == "passed" else None
        threshold = SHARE_OF_OBJECTIVE * 60 * record.objective_minutes
        self._followed(DRILL, record.resource).add(inf if proven is None else proven, threshold, record)

    def series(self) -> list[Followed]:
        """All of them, in a fixed order."""
        return [self._series[key] for key in sorted(self._series, key=lambda key: (key[1], key[0]))]

    def _experiment(self, record: ChaosRecord) -> None:
        of, broke, alerts = record.experiment, record.broke, record.alerts
        recovered, detected = record.kpis.recovered_after_seconds, record.kpis.detected_after_seconds
        if broke or recovered is None:
            threshold = SHARE_OF_OBJECTIVE * record.hypothesis.rto_seconds
            self._followed(RECOVERY, of).add(inf if recovered is None else recovered, threshold, record)
        if broke and alerts is not None and (alerts.fired or alerts.missed):
            value = inf if detected is None else detected
            self._followed(DETECTION, of).add(value, self._detection_threshold, record)
        self._followed(WORTH, of).add(points_of(record, self._weights), POINTS, record)

    def _followed(self, measure: str, of: str) -> Followed:
        held = self._series.get((measure, of))
        if held is None:
            better: Literal["more", "less"] = "more" if measure == WORTH else "less"
            held = self._series[measure, of] = Followed(measure, of, better)
        return held
