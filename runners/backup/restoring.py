"""Carries a real restore out, or goes on with one: planned, agreed to, journalled, recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from runners.backup.drill import DrillRun
from runners.backup.restore_result import Restored, RestorePlan
from runners.errors import InputError
from runners.runs.clock import Clock, parse_rfc3339
from runners.runs.journal import Journal, closing
from runners.runs.lease import Leases
from runners.runs.records import Records
from runners.runs.run_folder import Runs, new_run_id
from runners.runs.run_lock import KeptLock, RunLock

_PLANNED: Final = "restore-planned"
_ENDED: Final = "restore-ended"


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
        run = new_run_id(self.clock.now())
        with closing(Journal.create(self.runs.journal(run), self.clock)) as journal:
            journal.write(_PLANNED, **plan.document())
            return self._alone(restore, DrillRun(run, journal, self.clock, self.say), plan)

    def planned(self, run: str) -> RestorePlan:
        """The plan of a run that was cut off.

        Raises:
            JournalError: there is no such run.
            InputError: the run is not a restore.
        """
        from runners.runs.journal import read_entries

        entries = read_entries(self.runs.journal(run))
        if not entries or entries[0].step != _PLANNED:
            msg = f"run {run} is no restore; `ial backup drill --resume` goes on with drills"
            raise InputError(msg)
        return RestorePlan.read(dict(entries[0].data))

    def resume(self, restore: Restore, run: str) -> Restored:
        """Goes on with a run that was cut off.

        Raises:
            JournalError: another process drives it.
            LeaseHeldError: another run of the stack is under way, and this one writes into its source.
            RunnerError: something failed; the run can be resumed again.
        """
        plan = self.planned(run)
        with closing(Journal.reopen(self.runs.journal(run), self.clock)) as journal:
            return self._alone(restore, DrillRun(run, journal, self.clock, self.say), plan)

    def _alone(self, restore: Restore, run: DrillRun, plan: RestorePlan) -> Restored:
        """What writes into the source takes turns with experiments and drills."""
        if not plan.in_place:
            return self._carry_on(restore, run, plan)
        held = RunLock(f"{run.id}, a restore of {plan.source},", self.leases, self.clock)
        with KeptLock(held, self.say) as lock:
            lock.take()
            run.guard = lock.require
            return self._carry_on(restore, run, plan)

    def _carry_on(self, restore: Restore, run: DrillRun, plan: RestorePlan) -> Restored:
        self.say(f"run {run.id}; if it is cut off: `ial backup restore --resume {run.id} --stack {self.stack}`")
        done = restore.carry_out(run, plan)
        run.journal.write(_ENDED, **done.document())
        self.records.put(run.id, "restore", done.document())
        return done


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
