"""How soon data is proven to be back."""

from __future__ import annotations

from typing import ClassVar, Final

from runners.analysis.inputs import Inputs
from runners.analysis.kpis.answers import Series, Tally, share_kpi
from runners.analysis.kpis.kpi import Measure, measure
from runners.analysis.model import Kpi
from runners.analysis.records import DrillRecord, Record

_MINUTE: Final = 60


@measure
class DrillRecovery(Measure[DrillRecord]):
    """Restore drills that passed within their objective, of those that passed or failed."""

    place: ClassVar = 5
    kinds: ClassVar[frozenset[type[Record]]] = frozenset({DrillRecord})

    def __init__(self, inputs: Inputs) -> None:
        super().__init__(inputs)
        self._tally, self._series = Tally(), Series()

    def add(self, record: DrillRecord) -> None:
        """Counts a drill."""
        objective, proven = record.objective_minutes * _MINUTE, record.verdict == "passed"
        after = record.rto_seconds if proven else None
        self._tally.add(after is not None and after <= objective)
        looked = None if after is not None or record.ended is None else (record.ended - record.started).total_seconds()
        self._series.add(record.run, record.resource, after, looked, objective)

    def leave_out(self, record: DrillRecord) -> None:
        """Counts a drill that came to no answer, by its verdict."""
        self._tally.left_out[record.verdict] += 1

    def found(self) -> Kpi:
        """What all of them say."""
        title = "drills that proved the data within their objective"
        return share_kpi("drill-recovery", title, self._tally, self.inputs.goals.on_time_percent, self._series)
