"""A suite as a kind of run: it holds the stack's turn from its first step to its last, and its runs share that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from contract.run_table import collection
from contract.suites import SuitePlan
from runners.runs.clock import Clock
from runners.runs.lease import Leases
from runners.runs.life_cycle import LifeCycle
from runners.runs.reason import Obstacle
from runners.runs.records import Records
from runners.runs.run import Run
from runners.runs.run_folder import Runs, month_of
from runners.runs.run_kind import RunKind, Words
from runners.runs.run_lock import RunLock
from runners.runs.shared_turn import SharedTurn
from runners.runs.steps import STARTED
from runners.suites.conduct import SuiteConduct, SuiteKit
from runners.suites.lines import SUITE, TYPE, SuiteStarted
from runners.suites.planning import PlannedSuite
from runners.suites.progress import progress_of
from runners.suites.reasons import SuiteReason
from runners.suites.suite_record import SuiteRecord, suite_record

SUITES: Final = "suites"


@dataclass(frozen=True, kw_only=True)
class SuiteLifeCycle:
    """Carries suites out. `kit` makes what its steps are done with, for a run, its plan and the turn that is shared.

    `publish` gets each finished record, after it is stored.
    """

    stack: str
    operator: str
    runs: Runs
    records: Records
    leases: Leases
    clock: Clock
    say: Callable[[str], object]
    kit: Callable[[str, SuitePlan, Leases], SuiteKit]
    publish: Callable[[SuiteRecord], object]

    def run(self, planned: PlannedSuite) -> SuiteRecord:
        """One run from the beginning; one with obstacles is refused.

        Raises:
            JournalError: the journal cannot be written; nothing was started.
        """
        line = SuiteStarted(
            stack=self.stack,
            operator=self.operator,
            plan=planned.plan,
            untestable=dict(planned.untestable),
            costs={name: str(cost) for name, cost in planned.costs.items() if cost is not None},
        )
        return self._cycle.begin(STARTED, line.data(), lambda held: _Suite(held, self, planned.obstacles))

    def resume(self, run: str) -> SuiteRecord:
        """Goes on with the first step that is not done; a run that was cut off in it is gone on with.

        Raises:
            JournalError: there is no such run, its journal is damaged, or another process drives it.
            LeaseHeldError: another run of the stack is under way; nothing was done.
        """
        return self._cycle.resume(run, lambda held: _Suite(held, self))

    @property
    def _cycle(self) -> LifeCycle:
        return LifeCycle(runs=self.runs, clock=self.clock, say=self.say, records=self.records)


class _Suite(RunKind[SuiteRecord]):
    type = TYPE
    lines = SUITE

    def __init__(self, run: Run, site: SuiteLifeCycle, against: tuple[str, ...] = ()) -> None:
        super().__init__(run, Words(what="the suite", resume=f"ial suite resume {run.id}"))
        self._site, self._against = site, against
        self._lock = RunLock(f"{run.id}, a suite,", site.leases, run.clock)
        self.turn = self._lock

    def obstacles(self) -> list[Obstacle]:
        return [SuiteReason.PLAN_REFUSED.against(why=why) for why in self._against]

    def carry_out(self) -> None:
        plan = progress_of(self.run.journal.entries).plan
        kit = self._site.kit(self.run.id, plan, SharedTurn(self._site.leases, self._lock))
        SuiteConduct(self.run, kit).carry_out()

    def clean_up(self) -> list[str]:
        """Each of its runs cleans up after itself; what one of them left is in the record."""
        return []

    def record(self) -> SuiteRecord:
        return suite_record(self.run.journal.entries)

    def store(self, record: SuiteRecord) -> None:
        self._site.records.put(record.run, "record", record.document())
        told = {"run": record.run, "type": TYPE, "suite": record.plan.suite.name, "verdict": record.verdict}
        told |= {"usd": str(record.usd), "degradedSeconds": str(record.degraded_seconds)}
        self._site.records.put(collection(SUITES, month_of(record.run)), record.run, told)
        self._site.publish(record)
