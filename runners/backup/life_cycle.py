"""The life of a drill: budget, steps, clean-up, verdict, record. Nothing is done that is not in the journal first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from runners.backup.drill import Cost, Drill, DrillRun
from runners.backup.drill_budget import DrillBudget
from runners.backup.drill_record import DrillRecord, record_from
from runners.backup.evidence import CARRIED_OUT, CLEANED, ENDED, FAULT, REFUSED, STARTED, STORED
from runners.errors import RunnerError, fault_of, words_of
from runners.runs.clock import Clock
from runners.runs.interruption import uninterrupted
from runners.runs.journal import Journal, closing
from runners.runs.lease import LeaseHeldError, Leases
from runners.runs.records import Records
from runners.runs.run_folder import Runs, new_run_id
from runners.runs.run_lock import KeptLock, RunLock

Say = Callable[[str], object]
Publish = Callable[[DrillRecord], object]
_NOTHING: Final = "nothing is left"


def _nothing() -> None:
    """Keeps nobody from going on."""


@dataclass(frozen=True, kw_only=True)
class DrillLifeCycle:
    """Carries drills out. `publish` gets each finished record, after it is stored."""

    stack: str
    objective_minutes: int
    runs: Runs
    records: Records
    leases: Leases
    budget: DrillBudget
    clock: Clock
    publish: Publish
    say: Say

    def run(self, drill: Drill) -> DrillRecord:
        """One drill from the beginning.

        Raises:
            JournalError: the journal cannot be written; nothing was started.
            RunnerError: it cannot be told what the drill would cost or what stands against it; nothing was started.
        """
        cost, obstacles = drill.cost(), drill.obstacles()
        run = new_run_id(self.clock.now())
        with closing(Journal.create(self.runs.journal(run), self.clock)) as journal, self._lock(run, drill) as lock:
            journal.write(
                STARTED,
                run=run,
                stack=self.stack,
                kind=drill.kind,
                resource=drill.resource,
                required=sorted(drill.required),
                objective_minutes=self.objective_minutes,
                cost_usd=None if cost.usd is None else str(cost.usd),
                cost_lines=list(cost.lines),
            )
            return self._live(
                drill,
                DrillRun(run, journal, self.clock, self.say),
                lock,
                lambda: obstacles or self._locked(lock) or self._reserved(drill, run, cost),
            )

    def resume(self, drill: Drill, run: str) -> DrillRecord:
        """Goes on with a run that was cut off; one that ended is only reported.

        Raises:
            JournalError: there is no such run, its journal is damaged, or another process drives it.
            LeaseHeldError: another run of the stack is under way; nothing was done.
        """
        with closing(Journal.reopen(self.runs.journal(run), self.clock)) as journal, self._lock(run, drill) as lock:
            if journal.last(ENDED) is not None:
                return self._stored(journal)
            lock.take()
            cost = drill.cost()
            there = DrillRun(run, journal, self.clock, self.say)
            return self._live(drill, there, lock, lambda: self._reserved(drill, run, cost))

    def _lock(self, run: str, drill: Drill) -> KeptLock:
        return KeptLock(RunLock(f"{run}, a drill of {drill.resource},", self.leases, self.clock), self.say)

    def _locked(self, lock: KeptLock) -> list[str]:
        """Why a drill may not begin that nothing else stands against: another run of the stack is under way."""
        try:
            lock.take()
        except LeaseHeldError as error:
            return [f"locked: {error}"]
        return []

    def _reserved(self, drill: Drill, run: str, cost: Cost) -> list[str]:
        return self.budget.reserve(run, drill.kind, drill.resource, cost)

    def _live(self, drill: Drill, run: DrillRun, lock: KeptLock, against: Callable[[], list[str]]) -> DrillRecord:
        """`against` says why the drill may not go on, and gets for it what it needs if it may."""
        run.guard = lock.require
        try:
            reasons = against()
            if reasons:
                run.journal.write(REFUSED, reasons=reasons)
            elif run.journal.last(CARRIED_OUT) is None:
                drill.carry_out(run)
                # From here on the restored side may be gone: a resumed run must not look at it again.
                run.journal.write(CARRIED_OUT)
        except RunnerError as error:
            self._note(run.journal, FAULT, message=str(error), interrupted=False)
        except KeyboardInterrupt:
            self._note(run.journal, FAULT, message="interrupted by the operator", interrupted=True)
        except Exception as error:
            self._note(run.journal, FAULT, message=words_of(error), interrupted=False)
            if fault_of(error) is None:
                raise
        finally:
            record = self._end(drill, run)
        return record

    def _end(self, drill: Drill, run: DrillRun) -> DrillRecord:
        # What was made has to go, whoever has the lease by now.
        run.guard = _nothing
        with uninterrupted(self.say):
            left = self._left(drill, run)
            self.say(f"left behind: {'; '.join(left)}" if left else _NOTHING)
            journal = run.journal
            unwritten = journal.try_write(CLEANED, confirmed=not left, left=left) or journal.try_write(ENDED)
            if unwritten is not None:
                # Nobody who reads the journal can know that it was cleaned up, so somebody has to look.
                told = (*left, f"the journal: {unwritten}")
                return replace(record_from(journal.entries), left=told, cleaned=False, stored=False)
            return self._stored(journal)

    def _note(self, journal: Journal, step: str, **data: Any) -> None:
        """A line that must not keep what follows from being done when it cannot be written."""
        unwritten = journal.try_write(step, **data)
        if unwritten is not None:
            self.say(f"{step}: {data.get('message', '')}: {unwritten}")

    def _left(self, drill: Drill, run: DrillRun) -> list[str]:
        try:
            return drill.clean_up(run)
        except Exception as error:  # A defect here must not keep people from being told what may be left.
            return [f"clean-up of {drill.kind} {drill.resource} failed: {words_of(error)}; run `ial backup reap`"]

    def _stored(self, journal: Journal) -> DrillRecord:
        """The record, in the stack's table too. The journal has it all: what fails here is told and tried again."""
        record = record_from(journal.entries)
        if journal.last(STORED) is None:
            try:
                self.records.put(record.run, "record", record.document())
                self.budget.settle(record)
                self.publish(record)
            except RunnerError as error:
                self.say(f"the record is in {journal.path} only: {error}; `ial backup drill --resume {record.run}`")
                return replace(record, stored=False)
            self._note(journal, STORED)
        return record
