"""The life of every run: begin, go on, clean up, record, store. Nothing is done that is not in the journal first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from typing import Any, Final

from runners.errors import RunnerError, fault_of, words_of
from runners.runs.clock import Clock
from runners.runs.interruption import uninterrupted
from runners.runs.journal import Journal, closing
from runners.runs.lease import LeaseHeldError
from runners.runs.lines import Cleaned, Ended, Fault, Line, Refused, Resumed, Stored
from runners.runs.outcome import R
from runners.runs.reason import Obstacle
from runners.runs.reasons import RunReason
from runners.runs.records import Archive
from runners.runs.run import Run, unguarded
from runners.runs.run_folder import Runs, new_run_id
from runners.runs.run_kind import RefusedError, RunKind
from runners.runs.run_lock import KeptLock
from runners.runs.run_log import LOGGER, run_log
from runners.runs.steps import ENDED, FAULT, REFUSED, STORED

_INTERRUPTED: Final = "interrupted by the operator"
_LOG: Final = "log.jsonl"


@dataclass(frozen=True, kw_only=True)
class LifeCycle:
    """Carries runs of every kind out. A kind is made for each run, from its name and its journal."""

    runs: Runs
    clock: Clock
    say: Callable[[str], object]
    records: Archive

    def begin(
        self, step: str, line: Mapping[str, Any], make: Callable[[Run], RunKind[R]], name: str | None = None
    ) -> R:
        """One run from the beginning; `line` is its first, beside its name.

        `name` is a run's that somebody has written down already, so that it can be found again.

        Raises:
            JournalError: the journal cannot be written; nothing was started.
            RunnerError: of a kind that a fault does not end; the run can be resumed.
        """
        run = name or new_run_id(self.clock.now())
        with closing(Journal.create(self.runs.journal(run), self.clock)) as journal, self._log(run):
            kind = make(self._run(run, journal))
            journal.write(step, run=run, **line)
            return self._live(kind, resumed=False)

    def resume(self, run: str, make: Callable[[Run], RunKind[R]]) -> R:
        """Goes on with a run that was cut off; of one that ended, only what is not stored yet is stored.

        Raises:
            JournalError: there is no such run, its journal is damaged, or another process drives it.
            LeaseHeldError: another run of the stack is under way; nothing was done.
            RunnerError: of a kind that a fault does not end; the run can be resumed again.
        """
        with closing(Journal.reopen(self.runs.journal(run), self.clock)) as journal, self._log(run):
            kind = make(self._run(run, journal))
            if kind.lines is not None:
                kind.lines.require([entry.step for entry in journal.entries])
            if kind.ended:
                return self._stored(kind)
            return self._live(kind, resumed=True)

    def _log(self, run: str) -> AbstractContextManager[object]:
        return run_log(self.runs.attachment(run, _LOG), self.say)

    def _run(self, run: str, journal: Journal) -> Run:
        return Run(run, journal, self.clock, self.say)

    def _live(self, kind: RunKind[R], *, resumed: bool) -> R:
        with ExitStack() as held:
            lock = None if kind.turn is None else held.enter_context(KeptLock(kind.turn, self.say))
            if lock is not None:
                kind.run.guard = lock.require
                if resumed or not kind.ended_by_fault:
                    lock.take()
            return self._lived(kind, lock, resumed=resumed)

    def _lived(self, kind: RunKind[R], lock: KeptLock | None, *, resumed: bool) -> R:
        done, raised = False, None
        try:
            if resumed:
                kind.run.journal.add(Resumed())
            _carry_out(kind, lock, resumed=resumed)
            done = True
        except RefusedError as error:
            reasons, codes = [str(held) for held in error.obstacles], [held.code for held in error.obstacles]
            self._note(kind, Refused(reasons=reasons, codes=codes), str(error))
        except (Exception, KeyboardInterrupt) as error:
            raised = error
            interrupted = isinstance(error, KeyboardInterrupt)
            message = _INTERRUPTED if interrupted else words_of(error)
            self._note(kind, Fault(message=message, interrupted=interrupted), message)
            LOGGER.error(message, exc_info=error)
            if not interrupted and (log := kind.run.attachment(_LOG)).is_file():
                self.say(f"what the run asked, and what it waited for, is in {log}")
        finally:
            record = self._end(kind, ended=done or kind.ended_by_fault)
        if raised is not None and not _is_told(kind, record, raised):
            raise raised
        return record

    def _end(self, kind: RunKind[R], *, ended: bool) -> R:
        # What was made has to go, whoever has the lease by now.
        kind.run.guard = unguarded
        journal, words = kind.run.journal, kind.words
        with uninterrupted(self.say):
            left = self._left(kind)
            told = f"{words.left}: {'; '.join(left)}" if left else words.clean
            if told:
                self.say(told)
            unwritten = journal.try_add(Cleaned(confirmed=not left, left=left))
            if unwritten is None and ended:
                unwritten = journal.try_add(Ended())
            if unwritten is not None:
                # Nobody who reads the journal can know that it was cleaned up, so somebody has to look.
                left = [*left, f"the journal: {unwritten}"]
                return replace(kind.record(), left=tuple(left), cleaned=False, stored=False)
            return self._stored(kind) if ended else kind.record()

    def _left(self, kind: RunKind[R]) -> list[str]:
        try:
            return kind.clean_up()
        except Exception as error:  # A defect here must not keep people from being told what may be left.
            return [f"clean-up of {kind.words.what} failed: {words_of(error)}{kind.words.after_failure}"]

    def _note(self, kind: RunKind[R], line: Line, told: str) -> None:
        """A line that must not keep what follows from being done when it cannot be written."""
        unwritten = kind.run.journal.try_add(line)
        if unwritten is not None:
            self.say(f"{line.step}: {told}: {unwritten}")

    def _stored(self, kind: RunKind[R]) -> R:
        """The record, in the stack's table too. The journal has it all: what fails here is told and tried again."""
        record, journal = kind.record(), kind.run.journal
        ended, stored = journal.last(ENDED), journal.last(STORED)
        if stored is None or (ended is not None and stored.number < ended.number):
            try:
                kind.store(record)
            except Exception as error:
                self.say(f"the record is in {journal.path} only: {words_of(error)}; `{kind.words.resume}`")
                if _is_defect(error):
                    raise
                return replace(record, stored=False)
        elif Stored.read(stored.data).archived:
            return record
        self._note(kind, Stored(archived=self._archived(kind, record)), "the record")
        return record

    def _archived(self, kind: RunKind[R], record: R) -> bool:
        """Whether the record is in the archive, too. The table has it by now, so nothing that fails here ends a run."""
        try:
            self.records.archive(kind.run.id, kind.type, record.document())
        except Exception as error:
            self.say(f"the archive lacks the record of {kind.run.id}: {words_of(error)}; `{kind.words.resume}` adds it")
            return False
        return True


def _carry_out(kind: RunKind[R], lock: KeptLock | None, *, resumed: bool) -> None:
    journal = kind.run.journal
    if kind.ended_by_fault and (journal.last(REFUSED) or journal.last(FAULT)):
        return
    if not resumed:
        reasons = [held for held in kind.obstacles() if not held.warning]
        if not reasons and lock is not None and kind.ended_by_fault:
            reasons = _locked(lock)
        if reasons:
            raise RefusedError(reasons)
    kind.carry_out()


def _is_told(kind: RunKind[R], record: R, error: BaseException) -> bool:
    """Whether the record says what there is to say of a fault. A defect is raised whatever the record says."""
    if _is_defect(error):
        return False
    # What could not be written down is told by the record alone.
    return kind.ended_by_fault or not record.stored


def _is_defect(error: BaseException) -> bool:
    return isinstance(error, Exception) and not isinstance(error, RunnerError) and fault_of(error) is None


def _locked(lock: KeptLock) -> list[Obstacle]:
    """Why a run may not begin that nothing else stands against: another run of the stack is under way."""
    try:
        lock.take()
    except LeaseHeldError as error:
        return [RunReason.LOCKED.against(held=error)]
    return []
