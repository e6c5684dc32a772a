"""Whether a fault rings the alarms that it should."""

from __future__ import annotations

from typing import ClassVar

from runners.analysis.inputs import Inputs
from runners.analysis.kpis.answers import UNKNOWN_ALARMS, Tally, share_kpi
from runners.analysis.kpis.kpi import Measure, measure
from runners.analysis.model import Kpi
from runners.analysis.records import ChaosRecord, Record


@measure
class AlertRecall(Measure[ChaosRecord]):
    """Alarms that rang at a fault, of those that were expected to."""

    place: ClassVar = 7
    kinds: ClassVar[frozenset[type[Record]]] = frozenset({ChaosRecord})

    def __init__(self, inputs: Inputs) -> None:
        super().__init__(inputs)
        self._tally = Tally()

    def add(self, record: ChaosRecord) -> None:
        """Counts a run."""
        if record.alerts is None:
            self._tally.left_out[UNKNOWN_ALARMS] += 1
            return
        self._tally.good += len(record.alerts.fired)
        self._tally.count += len(record.alerts.fired) + len(record.alerts.missed)

    def found(self) -> Kpi:
        """What all of them say."""
        goal = self.inputs.goals.alert_recall_percent
        return share_kpi("alert-recall", "expected alarms that rang", self._tally, goal)
