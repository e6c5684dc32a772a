"""Carries a real restore out, or goes on with one: planned, agreed to, journalled, recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from runners.backup.drill import DrillRun
from runners.backup.evidence import Kind
from runners.backup.journals import RESTORES
from runners.backup.lines import PLANNED, RESTORE_ENDED, RestoreDone, RestorePlanned
from runners.backup.restore_result import Restored, RestorePlan
from runners.errors import InputError
from runners.runs.clock import Clock, parse_rfc3339
from runners.runs.journal import Entry, read_entries
from runners.runs.lease import Leases
from runners.runs.life_cycle import LifeCycle
from runners.runs.outcome import cleaned_in
from runners.runs.records import Records
from runners.runs.run import Run
from runners.runs.run_folder import Runs
from runners.runs.run_kind import RunKind, Words
from runners.runs.run_lock import RunLock
from runners.runs.steps import CARRIED_OUT, CLEANED, FAULT, RESUMED


class Restore(Protocol):
    """A restore of one resource."""

    def plan(self, at: datetime, target: str | None = None) -> RestorePlan:
        """What would be done."""

    def carry_out(self, run: DrillRun, plan: RestorePlan) -> Restored:
        """Does it; may be called again for the same run."""


@dataclass(frozen=True, kw_only=True)
class Restoring:
    """Restores of one stack."""

    stack: str
    runs: Runs
    records: Records
    leases: Leases
    clock: Clock
    say: Callable[[str], object]

    def start(self, restore: Restore, plan: RestorePlan, confirmed: str | None) -> Restored:
        """Carries a plan out if it is agreed to by the stack's name; else nothing is done.

        Raises:
            InputError: the name is another stack's.
            LeaseHeldError: another run of the stack is under way, and this one writes into its source.
            RunnerError: something failed; the run can be resumed.
        """
        if confirmed is None:
            return Restored(run=None, plan=plan)
        if confirmed != self.stack:
            msg = f"--confirm {confirmed}: this would change stack {self.stack}; nothing was done"
            raise InputError(msg)
        line = RestorePlanned.exactly(plan.document()).data()
        return self._cycle.begin(PLANNED, line, lambda run: _Restoration(run, restore, plan, self))

    def planned(self, run: str) -> RestorePlan:
        """The plan of a run that was cut off.

        Raises:
            JournalError: there is no such run.
            InputError: the run is not a restore.
        """
        entries = read_entries(self.runs.journal(run))
        if not entries or entries[0].step != PLANNED:
            msg = f"run {run} is no restore; `ial backup drill --resume` goes on with drills"
            raise InputError(msg)
        return RestorePlan.read(dict(entries[0].data))

    def resume(self, restore: Restore, run: str) -> Restored:
        """Goes on with a run that was cut off; one that ended is only reported.

        Raises:
            JournalError: another process drives it.
            LeaseHeldError: another run of the stack is under way, and this one writes into its source.
            RunnerError: something failed; the run can be resumed again.
        """
        plan = self.planned(run)
        return self._cycle.resume(run, lambda held: _Restoration(held, restore, plan, self))

    @property
    def _cycle(self) -> LifeCycle:
        return LifeCycle(runs=self.runs, clock=self.clock, say=self.say, records=self.records)


class _Restoration(RunKind[Restored]):
    type = "restore"
    # Somebody's data waits: whatever went wrong, the same run goes on.
    ended_by_fault = False

    def __init__(self, run: Run, restore: Restore, plan: RestorePlan, site: Restoring) -> None:
        self._run = DrillRun(run.id, run.journal, run.clock, run.say)
        resume = f"ial backup restore --resume {run.id} --stack {site.stack}"
        super().__init__(self._run, Words(what=f"the restore of {plan.source}", resume=resume, left="not whole"))
        self._restore, self._plan, self._site = restore, plan, site
        self.lines = RESTORES[Kind(plan.kind)]
        if plan.in_place:
            # What writes into the source takes turns with experiments and drills.
            self.turn = RunLock(f"{run.id}, a restore of {plan.source},", site.leases, run.clock)

    @property
    def ended(self) -> bool:
        return super().ended or self.run.journal.last(RESTORE_ENDED) is not None

    def carry_out(self) -> None:
        if self._carried_out is None:
            self.run.say(f"run {self.run.id}; if it is cut off: `{self.words.resume}`")
            done = self._restore.carry_out(self._run, self._plan)
            self.run.journal.add(RestoreDone.exactly(done.document()))

    def clean_up(self) -> list[str]:
        """What was restored stays, and half of it too, for the run to go on with: that is told."""
        steps = {entry.step for entry in self.run.journal.entries} - {PLANNED, RESUMED, FAULT, CLEANED}
        if self._carried_out is not None or not steps:
            return []
        return [f"{self._plan.target} may be half restored; go on with `{self.words.resume}`"]

    def record(self) -> Restored:
        entries, held = self.run.journal.entries, self._carried_out
        found = Restored(run=self.run.id, plan=self._plan) if held is None else Restored.read(dict(held.data))
        return cleaned_in(found, entries)

    def store(self, record: Restored) -> None:
        self._site.records.put(self.run.id, "restore", record.document())

    @property
    def _carried_out(self) -> Entry | None:
        return self.run.journal.last(CARRIED_OUT) or self.run.journal.last(RESTORE_ENDED)


def time_of(name: str | None, text: str | None) -> datetime:
    """The moment that `--at` names.

    Raises:
        InputError: what to restore or the moment is missing, or it is no time with a zone.
    """
    if name is None or text is None:
        msg = "say what to restore and to when: `ial backup restore NAME --at 2026-11-25T08:30:00Z`"
        raise InputError(msg)
    try:
        return parse_rfc3339(text)
    except ValueError as error:
        msg = f"--at {text}: {error}; accepted: a time with its zone, such as 2026-11-25T08:30:00Z"
        raise InputError(msg) from error


def where_to(in_place: bool, into: str | None) -> str | None:
    """The prefix that a bucket's objects go below: None is in place, empty is one that the restore chooses.

    Raises:
        InputError: both were asked for.
    """
    if in_place and into:
        msg = f"--in-place and --into {into}: a bucket is rolled back itself or copied below a prefix, not both"
        raise InputError(msg)
    return None if in_place else into or ""


def prefix_of(plan: RestorePlan) -> str | None:
    """The prefix into which a bucket's plan restores, None in place."""
    return plan.target.partition("/")[2] or None
