"""Copies in AWS Backup on demand: started, waited for, recorded, and looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, cast

from contract.parts import plain
from runners.backup.copier import DONE, Copier, Job, Vault
from runners.backup.copies_document import CopiesDocument, CopiesExit, JobDocument
from runners.backup.copy_checks import CopiesCheck, checks_of
from runners.backup.lines import COPIES, COPYING, CopiesBegun, CopiesDone, CopyStarted, CopyStarting
from runners.errors import DeadlineError, InputError
from runners.exit_codes import ExitCode
from runners.runs.clock import Clock, wait_for
from runners.runs.journal import Entry
from runners.runs.life_cycle import LifeCycle
from runners.runs.outcome import RunRecord, cleaned_in, exit_code
from runners.runs.records import Records
from runners.runs.run import Run
from runners.runs.run_folder import Runs
from runners.runs.run_kind import RunKind, Words
from runners.runs.steps import CARRIED_OUT, ENDED

# No state of AWS Backup: nobody has asked.
_UNKNOWN: Final = "UNKNOWN"


@dataclass(frozen=True, kw_only=True)
class CopiesResult(RunRecord):
    """The jobs of a run by resource; a job that is not over in time is in the state it was last seen in."""

    run: str
    jobs: Mapping[str, Job]

    @property
    def verdict(self) -> str:
        """copied, incomplete when a job failed, or unfinished when one is not over."""
        states = {job.state for job in self.jobs.values()}
        if states <= {"COMPLETED"}:
            return "copied"
        return "incomplete" if states & (DONE - {"COMPLETED"}) else "unfinished"

    @property
    def exit_code(self) -> ExitCode:
        """0 all completed, 1 one failed, 5 one is not over, 7 somebody has to look what is there."""
        return exit_code(self.verdict, confirmed=self.cleaned)

    def document(self) -> dict[str, Any]:
        """For machines."""
        return plain(
            CopiesDocument(
                run=self.run,
                jobs=tuple(
                    JobDocument(
                        resource=resource,
                        job=job.id,
                        state=job.state,
                        message=job.message,
                        recovery_point=job.point,
                        size_bytes=job.size,
                    )
                    for resource, job in self.jobs.items()
                ),
                left=self.left,
                exit_code=cast("CopiesExit", int(self.exit_code)),
            )
        )

    @classmethod
    def read(cls, held: Mapping[str, Any]) -> CopiesResult:
        """What a journal holds of copies that were waited for."""
        jobs = {
            job["resource"]: Job(
                id=job["job"],
                state=job["state"],
                message=job["message"],
                point=job["recoveryPoint"],
                size=job["sizeBytes"],
            )
            for job in held["jobs"]
        }
        return cls(run=held["run"], jobs=jobs)


@dataclass(frozen=True, kw_only=True)
class Copies:
    """Copies of one stack's resources, named by ARN."""

    copier: Copier
    vault: Vault
    runs: Runs
    records: Records
    clock: Clock
    say: Callable[[str], object]
    within: timedelta = timedelta(hours=4)
    every: timedelta = timedelta(seconds=15)

    def run(self, resources: Mapping[str, str]) -> CopiesResult:
        """Copies resources (ARN by name), and waits. Nothing is started that is not in the journal first.

        Raises:
            JournalError: the journal cannot be written; nothing was started.
            AwsError: a copy could not be started or watched; the run can be resumed.
        """
        return self._cycle.begin(COPIES, CopiesBegun(resources=dict(resources)).data(), lambda run: _Copying(run, self))

    def resume(self, run: str) -> CopiesResult:
        """Goes on with a run that was cut off: what was started is not started again.

        Raises:
            JournalError: there is no such run, or another process drives it.
            InputError: the run is not one of copies.
            AwsError: a copy could not be started or watched.
        """

        def held(there: Run) -> _Copying:
            entries = there.journal.entries
            if not entries or entries[0].step != COPIES:
                msg = f"run {run} made no copies; `ial backup drill --resume` goes on with drills"
                raise InputError(msg)
            return _Copying(there, self)

        return self._cycle.resume(run, held)

    def verify(self, resources: Mapping[str, str]) -> CopiesCheck:
        """Whether the newest copy of each resource could be used.

        Raises:
            AwsError: the copies could not be listed.
        """
        now = self.clock.now()
        found = {name: tuple(checks_of(self.copier, self.vault, arn, now)) for name, arn in resources.items()}
        return CopiesCheck(checks=found)

    @property
    def _cycle(self) -> LifeCycle:
        return LifeCycle(runs=self.runs, clock=self.clock, say=self.say, records=self.records)

    def begin(self, run: str, resource: str) -> str:
        """Starts a copy in the vault, unless the run has; the job.

        Raises:
            AwsError: it could not be started.
        """
        token = hashlib.sha256(f"{run} {resource}".encode()).hexdigest()
        return self.copier.start(resource, self.vault.name, self.vault.role, self.vault.days, token)

    def over(self, id_: str) -> Job:
        """The job when it is over, or as it was last seen.

        Raises:
            AwsError: it could not be watched.
        """

        def ended() -> Job | None:
            job = self.copier.job(id_)
            return job if job.state in DONE else None

        try:
            return wait_for(self.clock, f"job {id_}", ended, within=self.within, every=self.every)
        except DeadlineError:
            return self.copier.job(id_)


class _Copying(RunKind[CopiesResult]):
    type = "copies"
    # A job goes on whatever becomes of the runner: the same run waits for it.
    ended_by_fault = False
    lines = COPYING

    def __init__(self, run: Run, copies: Copies) -> None:
        resume = f"ial backup run --resume {run.id}"
        super().__init__(run, Words(what="copies", resume=resume, left="not over"))
        self._copies = copies

    @property
    def ended(self) -> bool:
        """A job that was not over in time may be by now: such a run goes on."""
        return super().ended and all(job.state in DONE for job in self.record().jobs.values())

    def carry_out(self) -> None:
        journal, started = self.run.journal, self._started()
        for name, arn in CopiesBegun.read(journal.entries[0].data).resources.items():
            if name not in started:
                journal.add(CopyStarting(resource=name))
                started[name] = self._copies.begin(self.run.id, arn)
                journal.add(CopyStarted(resource=name, job=started[name]))
        jobs = {name: self._copies.over(id_) for name, id_ in started.items()}
        journal.add(CopiesDone.exactly(CopiesResult(run=self.run.id, jobs=jobs).document()))

    def clean_up(self) -> list[str]:
        """Copies stay, and so do jobs that nobody waited for: those are told."""
        if self._carried_out is not None:
            return []
        started = self._started()
        begun = [entry.data["resource"] for entry in self.run.journal.entries if entry.step == CopyStarting.step]
        jobs = ", ".join(f"{name} ({started.get(name, 'job not known')})" for name in dict.fromkeys(begun))
        return [f"copies may be under way of {jobs}; go on with `{self.words.resume}`"] if jobs else []

    def record(self) -> CopiesResult:
        held, jobs = self._carried_out, self._started().items()
        found = (
            CopiesResult(run=self.run.id, jobs={name: Job(id=id_, state=_UNKNOWN) for name, id_ in jobs})
            if held is None
            else CopiesResult.read(held.data)
        )
        return cleaned_in(found, self.run.journal.entries)

    def store(self, record: CopiesResult) -> None:
        self._copies.records.put(self.run.id, "copies", record.document())

    def _started(self) -> dict[str, str]:
        entries = self.run.journal.entries
        return {entry.data["resource"]: entry.data["job"] for entry in entries if entry.step == CopyStarted.step}

    @property
    def _carried_out(self) -> Entry | None:
        """The line with what the jobs were: once it was the last one."""
        lines = (line for line in reversed(self.run.journal.entries) if line.step in (CARRIED_OUT, ENDED))
        return next((line for line in lines if "jobs" in line.data), None)
