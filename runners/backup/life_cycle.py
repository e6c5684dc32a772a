"""A drill as a kind of run: budget, restore, clean-up, verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from runners.backup.drill import Cost, Drill, DrillRun
from runners.backup.drill_record import DrillRecord, record_from
from runners.backup.evidence import Verdict
from runners.backup.journals import DRILLS
from runners.backup.lines import DrillStarted
from runners.backup.reasons import DrillReason
from runners.runs.clock import Clock
from runners.runs.lease import Leases
from runners.runs.life_cycle import LifeCycle
from runners.runs.lines import CarriedOut
from runners.runs.monthly_budget import MonthlyBudget
from runners.runs.reason import Obstacle
from runners.runs.records import Records
from runners.runs.run import Run
from runners.runs.run_folder import Runs
from runners.runs.run_kind import RefusedError, RunKind, Words
from runners.runs.run_lock import RunLock
from runners.runs.steps import CARRIED_OUT, STARTED

Say = Callable[[str], object]
Publish = Callable[[DrillRecord], object]


@dataclass(frozen=True, kw_only=True)
class DrillLifeCycle:
    """Carries drills out. `publish` gets each finished record, after it is stored."""

    stack: str
    objective_minutes: int
    runs: Runs
    records: Records
    leases: Leases
    budget: MonthlyBudget
    clock: Clock
    publish: Publish
    say: Say

    def run(self, drill: Drill, name: str | None = None) -> DrillRecord:
        """One drill from the beginning. `name` is a run's that somebody has written down already.

        Raises:
            JournalError: the journal cannot be written; nothing was started.
            RunnerError: it cannot be told what the drill would cost or what stands against it; nothing was started.
        """
        cost, obstacles = drill.cost(), drill.obstacles()
        line = DrillStarted(
            stack=self.stack,
            kind=str(drill.kind),
            resource=drill.resource,
            required=sorted(drill.required),
            objective_minutes=self.objective_minutes,
            cost_usd=None if cost.usd is None else str(cost.usd),
            cost_lines=list(cost.lines),
        )
        return self._cycle.begin(STARTED, line.data(), lambda run: _Drilling(run, drill, self, cost, obstacles), name)

    def resume(self, drill: Drill, run: str) -> DrillRecord:
        """Goes on with a run that was cut off; one that ended is only reported.

        Raises:
            JournalError: there is no such run, its journal is damaged, or another process drives it.
            LeaseHeldError: another run of the stack is under way; nothing was done.
        """
        return self._cycle.resume(run, lambda held: _Drilling(held, drill, self))

    @property
    def _cycle(self) -> LifeCycle:
        return LifeCycle(runs=self.runs, clock=self.clock, say=self.say, records=self.records)


class _Drilling(RunKind[DrillRecord]):
    type = "drill"

    def __init__(
        self,
        run: Run,
        drill: Drill,
        site: DrillLifeCycle,
        cost: Cost | None = None,
        against: list[Obstacle] | None = None,
    ) -> None:
        self._run = DrillRun(run.id, run.journal, run.clock, run.say)
        words = Words(
            what=f"{drill.kind} {drill.resource}",
            resume=f"ial backup drill --resume {run.id}",
            clean="nothing is left",
            after_failure="; run `ial backup reap`",
        )
        super().__init__(self._run, words)
        self._drill, self._site, self._cost, self._against = drill, site, cost, against or []
        self.lines = DRILLS[drill.kind]
        self.turn = RunLock(f"{run.id}, a drill of {drill.resource},", site.leases, run.clock)

    def obstacles(self) -> list[Obstacle]:
        return self._against

    def carry_out(self) -> None:
        if self.run.journal.last(CARRIED_OUT) is not None:
            return
        reasons = reserved(self._site.budget, self.run.id, self._drill, self._cost or self._drill.cost())
        if reasons:
            raise RefusedError(reasons)
        self._drill.carry_out(self._run)
        # From here on the restored side may be gone: a resumed run must not look at it again.
        self.run.journal.add(CarriedOut())

    def clean_up(self) -> list[str]:
        return self._drill.clean_up(self._run)

    def record(self) -> DrillRecord:
        return record_from(self.run.journal.entries)

    def store(self, record: DrillRecord) -> None:
        self._site.records.put(record.run, "record", record.document())
        # What was reserved stays taken: AWS bills a failed restore too.
        usd = Decimal(0) if record.verdict is Verdict.REFUSED or record.cost_usd is None else record.cost_usd
        self._site.budget.settle(
            record.run,
            usd,
            record.verdict,
            kind=str(record.kind),
            resource=record.resource,
            started=record.started,
            rtoSeconds=record.rto_seconds,
            rpoSeconds=record.rpo_seconds,
        )
        self._site.publish(record)


def reserved(budget: MonthlyBudget, run: str, drill: Drill, cost: Cost) -> list[Obstacle]:
    """Takes a drill's cost out of the month, or says why not.

    Raises:
        AwsError: the records could not be read or written.
    """
    month = f"{budget.monthly_usd:.2f}"
    if cost.usd is None:
        return [DrillReason.COST_UNKNOWN.against(unknown="; ".join(cost.unknown), budget=month)]
    taken = budget.reserve(run, cost.usd, kind=str(drill.kind), resource=drill.resource)
    if taken is None:
        return []
    told = {"usd": f"{cost.usd:.2f}", "taken": f"{taken:.2f}", "budget": month}
    return [DrillReason.OVER_DRILL_BUDGET.against(kind=drill.kind, name=drill.resource, **told)]
