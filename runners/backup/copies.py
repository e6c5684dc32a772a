"""Copies in AWS Backup on demand: started, waited for, recorded; and whether those there are could be used."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol

from contract.cron import At, CronError, read_schedule
from runners.backup.evidence import Check
from runners.errors import DeadlineError, InputError
from runners.exit_codes import ExitCode
from runners.runs.clock import Clock, wait_for
from runners.runs.journal import Journal, closing
from runners.runs.records import Records
from runners.runs.run_folder import Runs, new_run_id

VERSION: Final = 1
DONE: Final = frozenset({"COMPLETED", "PARTIAL", "FAILED", "ABORTED", "EXPIRED"})
_DAY: Final = timedelta(days=1)
_MONTH: Final = timedelta(days=31)


@dataclass(frozen=True, kw_only=True)
class Job:
    """A backup job; `message` is AWS's."""

    id: str
    state: str
    message: str = ""
    point: str | None = None
    size: int | None = None


@dataclass(frozen=True, kw_only=True)
class RecoveryPoint:
    """A copy that exists."""

    arn: str
    status: str
    created: datetime
    size: int
    encrypted: bool
    deleted_at: datetime | None


class Copier(Protocol):
    """AWS Backup. Each call raises AwsError when it fails for good."""

    def start(self, resource: str, vault: str, role: str, days: int, token: str) -> str:
        """Begins a copy that is kept for so many days; the same token begins nothing new. Returns the job."""

    def job(self, id_: str) -> Job:
        """How a job stands."""

    def points(self, resource: str, vault: str) -> Sequence[RecoveryPoint]:
        """The copies of a resource in a vault, newest first."""

    def readable(self, point: RecoveryPoint, vault: str) -> bool:
        """Whether AWS knows how to restore it."""


@dataclass(frozen=True, kw_only=True)
class Vault:
    """Where copies go, and by which rules."""

    name: str
    role: str
    days: int
    schedule: str


@dataclass(frozen=True, kw_only=True)
class CopiesResult:
    """The jobs of a run by resource; a job that is not over in time is in the state it was last seen in."""

    run: str
    jobs: Mapping[str, Job]

    @property
    def exit_code(self) -> ExitCode:
        """0 all completed, 1 one failed, 5 one is not over."""
        states = {job.state for job in self.jobs.values()}
        if states <= {"COMPLETED"}:
            return ExitCode.OK
        return ExitCode.REFUSED if states & (DONE - {"COMPLETED"}) else ExitCode.NOT_PROVEN

    def document(self) -> dict[str, Any]:
        """For machines, as `schemas/backup-run.schema.json` describes it."""
        return {
            "version": VERSION,
            "run": self.run,
            "jobs": [
                {
                    "resource": resource,
                    "job": job.id,
                    "state": job.state,
                    "message": job.message,
                    "recoveryPoint": job.point,
                    "sizeBytes": job.size,
                }
                for resource, job in self.jobs.items()
            ],
            "exitCode": int(self.exit_code),
        }


@dataclass(frozen=True, kw_only=True)
class CopiesCheck:
    """What looking at the copies showed, by resource."""

    checks: Mapping[str, tuple[Check, ...]]

    @property
    def exit_code(self) -> ExitCode:
        """Whether every check is true."""
        every = [check.ok for checks in self.checks.values() for check in checks]
        return ExitCode.OK if all(ok is True for ok in every) else ExitCode.REFUSED

    def document(self) -> dict[str, Any]:
        """For machines, as `schemas/backup-verify.schema.json` describes it."""
        return {
            "version": VERSION,
            "resources": [
                {"resource": resource, "checks": [check.document() for check in checks]}
                for resource, checks in self.checks.items()
            ],
            "exitCode": int(self.exit_code),
        }


@dataclass(frozen=True, kw_only=True)
class Copies:
    """Copies of one stack's resources, named by ARN."""

    copier: Copier
    vault: Vault
    runs: Runs
    records: Records
    clock: Clock
    within: timedelta = timedelta(hours=4)
    every: timedelta = timedelta(seconds=15)

    def run(self, resources: Mapping[str, str]) -> CopiesResult:
        """Copies resources (ARN by name), and waits. Nothing is started that is not in the journal first.

        Raises:
            JournalError: the journal cannot be written; nothing was started.
            AwsError: a copy could not be started or watched; the run can be resumed.
        """
        run = new_run_id(self.clock.now())
        with closing(Journal.create(self.runs.journal(run), self.clock)) as journal:
            journal.write("copies", run=run, resources=dict(resources))
            return self._carry_on(run, journal, resources)

    def resume(self, run: str) -> CopiesResult:
        """Goes on with a run that was cut off: what was started is not started again.

        Raises:
            JournalError: there is no such run, or another process drives it.
            InputError: the run is not one of copies.
            AwsError: a copy could not be started or watched.
        """
        with closing(Journal.reopen(self.runs.journal(run), self.clock)) as journal:
            if not journal.entries or journal.entries[0].step != "copies":
                msg = f"run {run} made no copies; `ial backup drill --resume` goes on with drills"
                raise InputError(msg)
            return self._carry_on(run, journal, journal.entries[0].data["resources"])

    def verify(self, resources: Mapping[str, str]) -> CopiesCheck:
        """Whether the newest copy of each resource could be used.

        Raises:
            AwsError: the copies could not be listed.
        """
        return CopiesCheck(checks={name: tuple(self._checks(arn)) for name, arn in resources.items()})

    def _carry_on(self, run: str, journal: Journal, resources: Mapping[str, str]) -> CopiesResult:
        started = {entry.data["resource"]: entry.data["job"] for entry in journal.entries if entry.step == "started"}
        for name, arn in resources.items():
            if name not in started:
                journal.write("starting", resource=name)
                token = hashlib.sha256(f"{run} {arn}".encode()).hexdigest()
                started[name] = self.copier.start(arn, self.vault.name, self.vault.role, self.vault.days, token)
                journal.write("started", resource=name, job=started[name])
        result = CopiesResult(run=run, jobs={name: self._over(id_) for name, id_ in started.items()})
        journal.write("ended", **result.document())
        self.records.put(run, "copies", result.document())
        return result

    def _over(self, id_: str) -> Job:
        def over() -> Job | None:
            job = self.copier.job(id_)
            return job if job.state in DONE else None

        try:
            return wait_for(self.clock, f"job {id_}", over, within=self.within, every=self.every)
        except DeadlineError:
            return self.copier.job(id_)

    def _checks(self, arn: str) -> Iterator[Check]:
        points = self.copier.points(arn, self.vault.name)
        newest = points[0] if points else None
        yield Check(
            name="exists",
            ok=newest is not None,
            expected="a copy",
            observed="none" if newest is None else f"{len(points)} copies",
        )
        if newest is None:
            return
        now = self.clock.now()
        age, oldest = now - newest.created, expected_interval(self.vault.schedule, now.date()) + _DAY
        yield Check(name="complete", ok=newest.status == "COMPLETED", expected="COMPLETED", observed=newest.status)
        yield Check(
            name="recent", ok=age <= oldest, expected=f"at most {_days(oldest)} old", observed=f"{_days(age)} old"
        )
        yield Check(
            name="encrypted", ok=newest.encrypted, expected="encrypted", observed="yes" if newest.encrypted else "no"
        )
        # A table may be empty; one that was not, and of which nothing is in the newest copy, was not copied whole.
        largest = max(point.size for point in points)
        yield Check(
            name="size",
            ok=newest.size > 0 or largest == 0,
            expected="more than nothing" if largest else "anything",
            observed=f"{newest.size} bytes",
        )
        kept = None if newest.deleted_at is None else newest.deleted_at - newest.created
        yield Check(
            name="kept",
            ok=kept is None or kept >= timedelta(days=self.vault.days),
            expected=f"for {self.vault.days} days",
            observed="for ever" if kept is None else f"for {_days(kept)}",
        )
        readable = self.copier.readable(newest, self.vault.name)
        yield Check(name="readable", ok=readable, expected="AWS can restore it", observed="yes" if readable else "no")


def expected_interval(schedule: str, today: date) -> timedelta:
    """The longest time between two runs of a schedule from today on; a month for one that cannot be read."""
    try:
        found = read_schedule(schedule)
    except CronError:
        return _MONTH
    gap = timedelta.max if isinstance(found, At) else found.longest_gap(today)
    return _MONTH if gap == timedelta.max else gap


def _days(span: timedelta) -> str:
    return f"{span.total_seconds() / 86400:.1f} days"
