"""How soon an alarm tells of a fault that users notice."""

from __future__ import annotations

from typing import ClassVar

from runners.analysis.inputs import Inputs
from runners.analysis.kpis.answers import UNKNOWN_ALARMS, Series, Tally, share_kpi
from runners.analysis.kpis.kpi import Measure, measure
from runners.analysis.model import Kpi
from runners.analysis.records import ChaosRecord, Record


@measure
class Detection(Measure[ChaosRecord]):
    """Faults that broke the steady state and were expected to ring: those at which it rang in time."""

    place: ClassVar = 2
    kinds: ClassVar[frozenset[type[Record]]] = frozenset({ChaosRecord})

    def __init__(self, inputs: Inputs) -> None:
        super().__init__(inputs)
        self._tally, self._series = Tally(), Series()

    def add(self, record: ChaosRecord) -> None:
        """Counts a run."""
        why = _left_out(record)
        if why is not None:
            self._tally.left_out[why] += 1
            return
        after, objective = record.kpis.detected_after_seconds, self.inputs.goals.detection_seconds
        self._tally.add(after is not None and after <= objective)
        looked = record.looked_seconds if after is None else None
        self._series.add(record.run, record.experiment, after, looked, objective)

    def found(self) -> Kpi:
        """What all of them say."""
        goals = self.inputs.goals
        title = f"faults detected within {goals.detection_seconds} s"
        return share_kpi("detection", title, self._tally, goals.on_time_percent, self._series)


def _left_out(record: ChaosRecord) -> str | None:
    if not record.broke:
        return "nothing broke"
    if record.alerts is None:
        return UNKNOWN_ALARMS
    return None if record.alerts.fired or record.alerts.missed else "no alarm was expected"
