"""Whether an alarm that rings has a reason."""

from __future__ import annotations

from typing import ClassVar

from runners.analysis.inputs import Inputs
from runners.analysis.kpis.answers import UNKNOWN_ALARMS, Tally, share_kpi
from runners.analysis.kpis.kpi import Measure, measure
from runners.analysis.model import Kpi
from runners.analysis.records import ChaosRecord, ControlRecord, Record


@measure
class AlertPrecision(Measure[ChaosRecord | ControlRecord]):
    """Alarms that rang at a fault that was to ring them, of all that rang: control runs have no fault."""

    place: ClassVar = 6
    kinds: ClassVar[frozenset[type[Record]]] = frozenset({ChaosRecord, ControlRecord})

    def __init__(self, inputs: Inputs) -> None:
        super().__init__(inputs)
        self._tally = Tally()

    def add(self, record: ChaosRecord | ControlRecord) -> None:
        """Counts a run."""
        if record.alerts is None:
            self._tally.left_out[UNKNOWN_ALARMS] += 1
            return
        self._tally.count += len(record.alerts.unexpected)
        if isinstance(record, ChaosRecord):
            self._tally.good += len(record.alerts.fired)
            self._tally.count += len(record.alerts.fired)

    def leave_out(self, record: ChaosRecord | ControlRecord) -> None:
        """Counts a control run whose alarms nobody knows."""
        if isinstance(record, ControlRecord):
            self._tally.left_out[UNKNOWN_ALARMS] += 1

    def found(self) -> Kpi:
        """What all of them say."""
        goal = self.inputs.goals.alert_precision_percent
        return share_kpi("alert-precision", "alarms that rang for a reason", self._tally, goal)
