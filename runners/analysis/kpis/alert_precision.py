"""Whether an alarm that rings has a reason."""

from __future__ import annotations

from typing import ClassVar

from runners.analysis.inputs import Inputs
from runners.analysis.kpis.answers import Tally, share_kpi
from runners.analysis.kpis.kpi import Measure, measure
from runners.analysis.model import Kpi
from runners.analysis.records import ChaosRecord, ControlRecord, Record


@measure
class AlertPrecision(Measure):
    """Alarms that rang at a fault that was to ring them, of all that rang: control runs have no fault."""

    place: ClassVar = 6
    kinds: ClassVar[frozenset[type[Record]]] = frozenset({ChaosRecord, ControlRecord})

    def __init__(self, inputs: Inputs) -> None:
        super().__init__(inputs)
        self._tally = Tally()

    def add(self, record: Record) -> None:
        """Counts a run."""
        if not isinstance(record, ChaosRecord | ControlRecord):
            return
        if isinstance(record, ChaosRecord) and not record.says_something:
            return
        if record.alerts is None:
            self._tally.left_out["the alarms' history is not known"] += 1
            return
        if isinstance(record, ControlRecord):
            self._tally.count += len(record.alerts.unexpected)
            return
        self._tally.good += len(record.alerts.fired)
        self._tally.count += len(record.alerts.fired) + len(record.alerts.unexpected)

    def found(self) -> Kpi:
        """What all of them say."""
        goal = self.inputs.goals.alert_precision_percent
        return share_kpi("alert-precision", "alarms that rang for a reason", self._tally, goal)
