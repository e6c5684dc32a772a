"""How far each alarm can be believed: over runs with a fault, and over those without one."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import ClassVar, Final

from runners.analysis.alerts.model import AlarmAccuracy
from runners.analysis.kpis.answers import FEWEST_FOR_PERCENT
from runners.analysis.published import range_of, rounded
from runners.analysis.records import Alerts, ChaosRecord, ControlRecord, Record, StateChange
from runners.analysis.statistics.median import median, median_interval
from runners.analysis.statistics.proportion import wilson
from runners.analysis.taker import Taker

_ALARM: Final = "ALARM"
_AT: Final = attrgetter("at")


@dataclass
class _Counts:
    """What one alarm did."""

    right: int = 0
    missed: int = 0
    wrong: int = 0
    quiet: int = 0
    excluded: int = 0
    still_ringing: int = 0
    flaps: int = 0
    detection: array[float] = field(default_factory=lambda: array("d"))
    reset: array[float] = field(default_factory=lambda: array("d"))


class Accuracy(Taker[ChaosRecord | ControlRecord]):
    """Takes records in, one by one."""

    kinds: ClassVar[frozenset[type[Record]]] = frozenset({ChaosRecord, ControlRecord})

    def __init__(self) -> None:
        self._alarms: dict[str, _Counts] = {}

    def add(self, record: ChaosRecord | ControlRecord) -> None:
        """Counts what the alarms did in a run with a fault, or in one without."""
        if isinstance(record, ControlRecord):
            self._control(record)
        elif record.alerts is not None:
            self._fault(record, record.alerts)

    def found(self) -> tuple[AlarmAccuracy, ...]:
        """What all of them say of each alarm."""
        return tuple(_accuracy(name, self._alarms[name]) for name in sorted(self._alarms))

    def _fault(self, record: ChaosRecord, alerts: Alerts) -> None:
        for name in alerts.fired:
            self._of(name).right += 1
        for name in alerts.missed:
            self._of(name).missed += 1
        for name in alerts.unexpected:
            self._of(name).wrong += 1
        for name in alerts.excluded:
            self._of(name).excluded += 1
        injected, lifted = record.times.injected, record.times.lifted
        if alerts.changes is None or injected is None:
            return
        for name in alerts.fired:
            own = [held for held in alerts.changes if held.alarm == name]
            own.sort(key=_AT)
            self._times(self._of(name), own, injected, lifted)

    def _times(
        self, counts: _Counts, changes: Sequence[StateChange], injected: datetime, lifted: datetime | None
    ) -> None:
        rings = [change for change in changes if change.state == _ALARM and change.at >= injected]
        if not rings:
            return
        counts.detection.append((rings[0].at - injected).total_seconds())
        counts.flaps += len(rings) - 1
        if changes[-1].state == _ALARM:
            counts.still_ringing += 1
        elif lifted is not None:
            counts.reset.append(max(0.0, (changes[-1].at - lifted).total_seconds()))

    def _control(self, record: ControlRecord) -> None:
        alerts = record.alerts
        if alerts is None:
            return
        for name in alerts.unexpected:
            self._of(name).wrong += 1
        for name in alerts.already:
            self._of(name).excluded += 1
        # What rang because something was really wrong is neither right nor wrong here: nobody had planned it.
        for name in set(alerts.watched) - {*alerts.fired, *alerts.already}:
            self._of(name).quiet += 1

    def _of(self, name: str) -> _Counts:
        held = self._alarms.get(name)
        if held is None:
            held = self._alarms[name] = _Counts()
        return held


def _accuracy(name: str, counts: _Counts) -> AlarmAccuracy:
    rang, expected = counts.right + counts.wrong, counts.right + counts.missed
    return AlarmAccuracy(
        alarm=name,
        right=counts.right,
        missed=counts.missed,
        wrong=counts.wrong,
        quiet=counts.quiet,
        excluded=counts.excluded,
        precision=_percent(counts.right, rang),
        precision_interval=range_of(wilson(counts.right, rang), 100),
        recall=_percent(counts.right, expected),
        recall_interval=range_of(wilson(counts.right, expected), 100),
        detection_seconds=_median(counts.detection),
        detection_interval=range_of(median_interval(counts.detection)),
        reset_seconds=_median(counts.reset),
        reset_interval=range_of(median_interval(counts.reset)),
        still_ringing=counts.still_ringing,
        flaps=counts.flaps,
    )


def _percent(good: int, count: int) -> float | None:
    return rounded(100 * good / count) if count >= FEWEST_FOR_PERCENT else None


def _median(values: Sequence[float]) -> float | None:
    middle = median(values)
    return None if middle is None else rounded(middle)
