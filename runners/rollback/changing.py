"""The change itself: a hold, the version, and the wait until it has arrived; each part, each step once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, NoReturn, Protocol, TypeVar

from runners.errors import DeadlineError, RunnerError
from runners.exit_codes import ExitCode
from runners.rollback.hold import Hold, Holds
from runners.rollback.kind import Change, ForeignDeploymentError, Kind, Progress, Stage
from runners.rollback.lines import PartArrived, PartChanging, PartHeld, SteadyAgain
from runners.rollback.reasons import RollbackReason
from runners.rollback.record import begun_parts
from runners.rollback.steps import HOLDING
from runners.rollback.version import Version
from runners.runs.clock import rfc3339
from runners.runs.journal import Entry
from runners.runs.lines import Line
from runners.runs.run import Run
from runners.runs.run_kind import RefusedError
from runners.runs.run_lock import RunLock
from runners.runs.steps import DONE

L = TypeVar("L", bound=Line)


class RollbackFailedError(RunnerError):
    """The older version is not known to run, or does not help; somebody must look."""

    exit_code = ExitCode.LEFT_BEHIND


class Patience(Protocol):
    """How often is looked, and for how long."""

    @property
    def every(self) -> timedelta:
        """Between two looks."""

    @property
    def arrive_within(self) -> timedelta:
        """For a version to arrive."""

    @property
    def settles_within(self) -> timedelta:
        """For AWS to show what it has done."""

    @property
    def steady_within(self) -> timedelta:
        """For the workload to be steady."""


class Changing:
    """The parts of one rollback, one after the other."""

    def __init__(
        self,
        run: Run,
        kinds: Mapping[tuple[str, str], Kind],
        holds: Holds,
        hold_for: timedelta,
        pace: Patience,
        lock: RunLock,
    ) -> None:
        self._run, self._kinds, self._holds, self._hold_for = run, kinds, holds, hold_for
        self._pace, self._lock = pace, lock

    def carry_out(self, parts: Sequence[Mapping[str, Any]], *, reason: str, operator: str) -> None:
        """Takes every part back.

        Raises:
            RefusedError: somebody else changes a version, and nothing was changed here.
            RollbackFailedError: AWS did not bring the older version, or a part is left to somebody else.
            RunnerError: AWS could not be asked, or the version did not arrive in time.
        """
        for part in parts:
            kind = self._kinds.get((part["kind"], part["name"]))
            if kind is None:
                self._leave(f"{part['kind']} {part['name']} is not watched by the stack any more")
            good, bad = Version.read(part["good"]), Version.read(part["bad"])
            change = Change(good=good, bad=bad, token=self._run.id)
            # Before the change: who is killed after it has left its hold.
            self._step(PartHeld, kind, partial(self._hold, change, reason, operator), "hold")
            begun = self._step(PartChanging, kind, partial(_begun, kind, change), "roll back")
            if begun.left:
                self._leave(begun.left)
            self._run.say(f"{kind.kind} {kind.name}: {begun.how}")
            self._step(PartArrived, kind, partial(self._arrived, kind, change, begun), "wait for")

    def _leave(self, why: str) -> NoReturn:
        """Somebody else is at it: no harm is done unless another part was changed before."""
        if begun_parts(self._run.journal.entries):
            raise RollbackFailedError(why)
        raise RefusedError([RollbackReason.CHANGED_BY_ANOTHER.against(why=why)])

    def wait_until_steady(self, steady: Callable[[], tuple[bool | None, Sequence[str]]]) -> SteadyAgain:
        """The hypothesis of the experiment without its fault, until it holds or takes too long."""
        clock = self._run.clock
        deadline = clock.now() + self._pace.steady_within
        while True:
            found, reasons = steady()
            if found is True or clock.now() >= deadline:
                return SteadyAgain(steady=found, reasons=list(reasons))
            self._run.say(f"not steady yet: {'; '.join(reasons) or 'too little is known'}")
            self._lock.wait(self._pace.every, "the steady state", deadline)

    def _step(self, line: type[L], kind: Kind, action: Callable[[], L], told: str) -> L:
        if not self._lock.keeps():
            msg = "the lock was lost while versions were changed: another run may be under way"
            raise RunnerError(msg)
        part = f"{kind.kind} {kind.name}"
        return self._run.step(line, action, f"{told} {part}", of=part)

    def _hold(self, change: Change, reason: str, operator: str) -> PartHeld:
        now = self._run.clock.now()
        hold = Hold(
            kind=change.good.kind,
            name=change.good.name,
            held=str(change.bad.running),
            good=str(change.good.running),
            reason=reason,
            run=self._run.id,
            operator=operator,
            since=rfc3339(now),
            until=rfc3339(now + self._hold_for),
        )
        self._holds.put(hold)
        return PartHeld(until=hold.until, hold=hold.document())

    def _arrived(self, kind: Kind, change: Change, begun: PartChanging) -> PartArrived:
        clock, last = self._run.clock, ""
        deadline, settles = clock.now() + self._pace.arrive_within, None
        while True:
            found: Progress = kind.progress(change, begun.data())
            if found.said != last:
                self._run.say(f"{kind.kind} {kind.name}: {found.said}")
            last = found.said
            if found.stage is Stage.DONE:
                return PartArrived(said=found.said)
            settles = (settles or clock.now() + self._pace.settles_within) if found.stage is Stage.UNSETTLED else None
            if found.stage is Stage.FAILED or (settles is not None and clock.now() >= settles):
                raise RollbackFailedError(f"{kind.kind} {kind.name}: {found.said}")
            if clock.now() >= deadline:
                within = self._pace.arrive_within.total_seconds()
                msg = f"{kind.kind} {kind.name} did not arrive within {within:g} s: {found.said}"
                raise DeadlineError(msg)
            self._lock.wait(self._pace.every, f"{kind.kind} {kind.name}", deadline)


def _begun(kind: Kind, change: Change) -> PartChanging:
    try:
        return PartChanging.exactly(kind.begin(change))
    except ForeignDeploymentError as error:
        return PartChanging(how=None, left=str(error))


def release_unused(run: Run, holds: Holds) -> list[str]:
    """Takes away the holds of parts that were not changed; names those that could not be."""
    entries, changed = run.journal.entries, begun_parts(run.journal.entries)
    begun = {entry.step.removesuffix(DONE).removeprefix(f"{HOLDING} ") for entry in entries if _is_of_hold(entry)}
    if begun <= {*changed}:
        return []
    try:
        # Who died between a hold and its line has left one that no line tells.
        own = [hold for hold in holds.all() if hold.run == run.id]
    except RunnerError as error:
        return [f"the holds of {', '.join(sorted(begun - {*changed}))}: {error}"]
    return [left for hold in own if f"{hold.kind} {hold.name}" not in changed for left in _released(hold, holds)]


def _is_of_hold(entry: Entry) -> bool:
    return entry.step.startswith(f"{HOLDING} ")


def _released(hold: Hold, holds: Holds) -> Iterator[str]:
    try:
        holds.release(hold)
    except RunnerError as error:
        yield f"the hold of {hold.kind} {hold.name}: {error}"
