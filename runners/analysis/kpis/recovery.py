"""How soon all is well again after a fault that users notice."""

from __future__ import annotations

from typing import ClassVar

from runners.analysis.inputs import Inputs
from runners.analysis.kpis.answers import Series, Tally, share_kpi
from runners.analysis.kpis.kpi import Measure, measure
from runners.analysis.model import Kpi
from runners.analysis.records import ChaosRecord, Record


@measure
class Recovery(Measure[ChaosRecord]):
    """Faults that broke the steady state: those after which it held again within the experiment's objective."""

    place: ClassVar = 3
    kinds: ClassVar[frozenset[type[Record]]] = frozenset({ChaosRecord})

    def __init__(self, inputs: Inputs) -> None:
        super().__init__(inputs)
        self._tally, self._series = Tally(), Series()

    def add(self, record: ChaosRecord) -> None:
        """Counts a run."""
        after, objective = record.kpis.recovered_after_seconds, record.hypothesis.rto_seconds
        if not record.broke and after is not None:
            self._tally.left_out["nothing broke"] += 1
            return
        self._tally.add(after is not None and after <= objective)
        looked = record.looked_seconds if after is None else None
        self._series.add(record.run, record.experiment, after, looked, objective)

    def found(self) -> Kpi:
        """What all of them say."""
        title = "faults recovered within their objective"
        return share_kpi("recovery", title, self._tally, self.inputs.goals.on_time_percent, self._series)
