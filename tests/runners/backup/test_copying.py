"""Copies as a kind of run, with AWS Backup in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from runners.backup import copies as module
from runners.backup.copier import Job, RecoveryPoint, Vault
from runners.backup.copies import Copies
from runners.errors import AwsError
from runners.exit_codes import ExitCode
from runners.runs.journal import Journal, closing, read_entries
from runners.runs.run_folder import Runs
from runners.runs.steps import CARRIED_OUT, CLEANED, ENDED, FAULT, STORED
from tests.runners.backup.test_copies import valid
from tests.runners.journal_lines import assert_fits
from tests.runners.killing import die_after, disk_is_full
from tests.runners.rehearsal import MemoryRecords, QuickClock

ARNS = {"orders": "arn:orders", "carts": "arn:carts"}
LINES = ("copies", *("starting", "started") * 2, CARRIED_OUT, CLEANED, ENDED, STORED)
OLD = "20261101-083000-a1b2"


@dataclass
class Backups:
    """AWS Backup: the same token begins nothing new."""

    state: str = "COMPLETED"
    away: bool = False
    jobs: dict[str, str] = field(default_factory=dict)

    def start(self, resource: str, vault: str, role: str, days: int, token: str) -> str:
        return self.jobs.setdefault(token, f"job-{len(self.jobs)}")

    def job(self, id_: str) -> Job:
        if self.away:
            raise AwsError("backup:DescribeBackupJob: 500", operation="backup:DescribeBackupJob", code="500")
        return Job(id=id_, state=self.state, size=10)

    def points(self, resource: str, vault: str) -> list[RecoveryPoint]:
        raise NotImplementedError

    def readable(self, point: RecoveryPoint, vault: str) -> bool:
        raise NotImplementedError


@dataclass
class Stage:
    """Copies of a stack, in memory."""

    all: Copies
    backups: Backups
    told: list[str]

    @property
    def run(self) -> str:
        return self.all.runs.all()[-1]

    def steps(self) -> list[str]:
        return [entry.step for entry in read_entries(self.all.runs.journal(self.run))]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    backups, told = Backups(), list[str]()
    vault = Vault(name="v", role="r", days=14, schedule="rate(1 day)")
    site = Copies(
        copier=backups,
        vault=vault,
        runs=Runs(tmp_path, "dev"),
        records=MemoryRecords(),
        clock=QuickClock(),
        say=told.append,
        within=timedelta(minutes=1),
    )
    return Stage(site, backups, told)


def test_the_lines_of_copies(stage: Stage) -> None:
    result = stage.all.run(ARNS)
    assert (result.exit_code, stage.steps()) == (ExitCode.OK, list(LINES))
    assert_fits(stage.all.runs.journal(stage.run), "copies")
    assert stage.all.resume(stage.run) == result
    assert stage.steps() == list(LINES)


@pytest.mark.parametrize("line", range(1, len(LINES) + 1))
def test_killed_after_each_line_and_resumed(stage: Stage, monkeypatch: pytest.MonkeyPatch, line: int) -> None:
    die_after(monkeypatch, line, module._Copying, lambda: stage.all.run(ARNS))
    assert stage.steps() == list(LINES[:line])
    result = stage.all.resume(stage.run)
    assert (result.exit_code, set(result.jobs), len(stage.backups.jobs)) == (ExitCode.OK, set(ARNS), 2)
    assert stage.steps()[-2:] == [ENDED, STORED]
    assert stage.all.records.get(stage.run, "copies") == result.document()


@pytest.mark.parametrize("step", LINES[1:-1])
def test_a_full_disk_leaves_nothing_untold(stage: Stage, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    with monkeypatch.context() as patch:
        disk_is_full(patch, step)
        result = stage.all.run(ARNS)
    assert (result.exit_code, result.stored) == (ExitCode.LEFT_BEHIND, False)
    assert "No space left" in result.left[-1]
    begun = bool(stage.backups.jobs) and step not in (CLEANED, ENDED)
    assert any(told.startswith("copies may be under way of orders") for told in result.left) == begun
    valid(result.document(), "backup-run")
    assert stage.all.resume(stage.run).exit_code is ExitCode.OK
    assert len(stage.backups.jobs) == 2


def test_a_call_that_fails_tells_what_is_under_way_and_the_run_goes_on(stage: Stage) -> None:
    stage.backups.away = True
    with pytest.raises(AwsError):
        stage.all.run(ARNS)
    assert stage.steps()[-2:] == [FAULT, CLEANED]
    again = f"`ial backup run --resume {stage.run}`"
    told = f"copies may be under way of orders (job-0), carts (job-1); go on with {again}"
    assert stage.told[-1] == f"not over: {told}"
    stage.backups.away = False
    assert stage.all.resume(stage.run).exit_code is ExitCode.OK


def test_a_defect_in_the_clean_up_is_told_and_needs_somebody(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> list[str]:
        raise KeyError("jobs")

    monkeypatch.setattr(module._Copying, "clean_up", broken)
    result = stage.all.run(ARNS)
    assert (result.verdict, result.exit_code) == ("copied", ExitCode.LEFT_BEHIND)
    assert "defect: KeyError" in result.left[0]


def test_jobs_that_are_not_over_are_waited_for_again(stage: Stage) -> None:
    stage.backups.state = "RUNNING"
    assert stage.all.run(ARNS).exit_code is ExitCode.NOT_PROVEN
    stage.backups.state = "COMPLETED"
    result = stage.all.resume(stage.run)
    assert (result.exit_code, len(stage.backups.jobs)) == (ExitCode.OK, 2)
    assert stage.all.records.get(stage.run, "copies") == result.document()


def before(stage: Stage, state: str) -> None:
    """A journal as copies wrote them when the last line held the jobs."""
    job = {"resource": "orders", "job": "job-9", "state": state, "message": "", "recoveryPoint": None, "sizeBytes": 1}
    ended: dict[str, Any] = {"version": 1, "run": OLD, "jobs": [job], "exitCode": 0}
    with closing(Journal.create(stage.all.runs.journal(OLD), stage.all.clock)) as journal:
        journal.write("copies", run=OLD, resources={"orders": "arn:orders"})
        journal.write("starting", resource="orders")
        journal.write("started", resource="orders", job="job-9")
        journal.write("ended", **ended)


def test_a_journal_of_before_that_ended_is_only_stored(stage: Stage) -> None:
    before(stage, "FAILED")
    result = stage.all.resume(OLD)
    assert (result.verdict, result.exit_code) == ("incomplete", ExitCode.REFUSED)
    assert stage.steps() == ["copies", "starting", "started", "ended", STORED]
    assert stage.all.records.get(OLD, "copies") == result.document()


def test_a_journal_of_before_with_a_job_that_was_not_over_goes_on(stage: Stage) -> None:
    before(stage, "RUNNING")
    assert (stage.all.resume(OLD).exit_code, stage.backups.jobs) == (ExitCode.OK, {})
