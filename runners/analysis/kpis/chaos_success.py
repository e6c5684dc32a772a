"""Whether experiments pass."""

from __future__ import annotations

from typing import ClassVar

from runners.analysis.inputs import Inputs
from runners.analysis.kpis.answers import Tally, share_kpi
from runners.analysis.kpis.kpi import Measure, measure
from runners.analysis.model import Kpi
from runners.analysis.records import ChaosRecord, Record


@measure
class ChaosSuccess(Measure[ChaosRecord]):
    """Passed, of all runs that say something about the workload."""

    place: ClassVar = 4
    kinds: ClassVar[frozenset[type[Record]]] = frozenset({ChaosRecord})

    def __init__(self, inputs: Inputs) -> None:
        super().__init__(inputs)
        self._tally = Tally()

    def add(self, record: ChaosRecord) -> None:
        """Counts a run."""
        self._tally.add(record.verdict == "passed")

    def leave_out(self, record: ChaosRecord) -> None:
        """Counts a run that says nothing, by its verdict."""
        self._tally.left_out[record.verdict] += 1

    def found(self) -> Kpi:
        """What all of them say."""
        goal = self.inputs.goals.chaos_success_percent
        return share_kpi("chaos-success", "experiments that pass", self._tally, goal)
