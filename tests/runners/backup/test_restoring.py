"""A real restore as a kind of run, with what it restores in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from runners.backup import restoring
from runners.backup.drill import DrillRun
from runners.backup.evidence import Check
from runners.backup.restore_result import Restored, RestorePlan
from runners.backup.restoring import Restoring
from runners.errors import AwsError
from runners.exit_codes import ExitCode
from runners.runs.journal import Journal, closing, read_entries
from runners.runs.lease import LeaseHeldError
from runners.runs.run_folder import Runs
from runners.runs.steps import CARRIED_OUT, CLEANED, ENDED, FAULT, STORED
from tests.runners.backup.test_copies import valid
from tests.runners.killing import die_after, disk_is_full
from tests.runners.rehearsal import MemoryLeases, MemoryRecords, QuickClock

LINES = ("restore-planned", "restore", "restore.done", "settings", "settings.done", CARRIED_OUT, CLEANED, ENDED, STORED)
AWAY = AwsError("dynamodb:UpdateTable on orders-back: 500", operation="dynamodb:UpdateTable", code="500")
OLD = "20261101-083000-a1b2"
PLAN = RestorePlan(
    stack="dev",
    kind="table",
    source="orders",
    target="orders-back",
    at="2026-11-25T08:00:00.000Z",
    cost_usd=Decimal("0.15"),
    steps=("restore to orders-back",),
    afterwards=("point the application to it",),
    duration="20 minutes",
)


@dataclass
class Table:
    """A restore of two steps."""

    made: list[str] = field(default_factory=list)
    fault: Callable[[], object] = lambda: None

    def plan(self, at: datetime, target: str | None = None) -> RestorePlan:
        raise NotImplementedError

    def carry_out(self, run: DrillRun, plan: RestorePlan) -> Restored:
        run.step("restore", lambda: self._make(plan.target))
        self.fault()
        run.step("settings", dict)
        checks = (Check(name="count", ok=True, expected="200", observed="200"),)
        return Restored(run=run.id, plan=plan, checks=checks, notes=("2 have expired",))

    def _make(self, name: str) -> dict[str, Any]:
        if name not in self.made:
            self.made.append(name)
        return {}


class Deaf(MemoryRecords):
    """Records that cannot be written for a while."""

    deaf = True

    def put(self, run: str, step: str, document: Any) -> None:
        if self.deaf:
            raise AwsError("dynamodb:PutItem on records: 500", operation="dynamodb:PutItem", code="500")
        super().put(run, step, document)


@dataclass
class Stage:
    """What carries restores out, in memory."""

    all: Restoring
    told: list[str]

    @property
    def run(self) -> str:
        return self.all.runs.all()[-1]

    def steps(self) -> list[str]:
        return [entry.step for entry in read_entries(self.all.runs.journal(self.run))]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    clock, records = QuickClock(), Deaf()
    records.deaf = False
    told: list[str] = []
    site = Restoring(
        stack="dev",
        runs=Runs(tmp_path, "dev"),
        records=records,
        leases=MemoryLeases(clock),
        clock=clock,
        say=told.append,
    )
    return Stage(site, told)


def test_the_lines_of_a_restore_and_what_is_kept(stage: Stage) -> None:
    done = stage.all.start(Table(), PLAN, "dev")
    assert (done.verdict, done.exit_code, done.left, done.notes) == ("restored", ExitCode.OK, (), ("2 have expired",))
    assert stage.steps() == list(LINES)
    assert stage.all.records.get(stage.run, "restore") == done.document()
    valid(done.document(), "backup-restore")
    assert stage.all.resume(Table(), stage.run) == done


@pytest.mark.parametrize("line", range(1, len(LINES) + 1))
def test_killed_after_each_line_and_resumed(stage: Stage, monkeypatch: pytest.MonkeyPatch, line: int) -> None:
    table = Table()
    die_after(monkeypatch, line, restoring._Restoration, lambda: stage.all.start(table, PLAN, "dev"))
    assert stage.steps() == list(LINES[:line])
    done = stage.all.resume(table, stage.run)
    assert (done.verdict, done.exit_code, table.made) == ("restored", ExitCode.OK, ["orders-back"])
    assert stage.steps()[-2:] == [ENDED, STORED]
    assert stage.all.records.get(stage.run, "restore") == done.document()


@pytest.mark.parametrize("step", LINES[1:-1])
def test_a_full_disk_leaves_nothing_untold(stage: Stage, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    table = Table()
    with monkeypatch.context() as patch:
        disk_is_full(patch, step)
        done = stage.all.start(table, PLAN, "dev")
    assert (done.exit_code, done.stored) == (ExitCode.LEFT_BEHIND, False)
    assert "No space left" in done.left[-1]
    half = bool(table.made) and step not in (CLEANED, ENDED)
    assert any("orders-back may be half restored" in told for told in done.left) == half
    assert (done.verdict == "restored") == (step in (CLEANED, ENDED))
    valid(done.document(), "backup-restore")
    assert stage.all.resume(table, stage.run).exit_code is ExitCode.OK


@pytest.mark.parametrize("error", [AWAY, KeyboardInterrupt(), ZeroDivisionError("by three")])
def test_a_fault_tells_what_is_half_restored_and_the_run_goes_on(stage: Stage, error: BaseException) -> None:
    def fault() -> None:
        raise error

    table = Table(fault=fault)
    with pytest.raises(type(error)):
        stage.all.start(table, PLAN, "dev")
    assert stage.steps()[-2:] == [FAULT, CLEANED]
    again = f"`ial backup restore --resume {stage.run} --stack dev`"
    assert stage.told[-1] == f"not whole: orders-back may be half restored; go on with {again}"
    table.fault = lambda: None
    assert stage.all.resume(table, stage.run).verdict == "restored"


def test_a_defect_in_the_clean_up_is_told_and_needs_somebody(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> list[str]:
        raise KeyError("TableName")

    monkeypatch.setattr(restoring._Restoration, "clean_up", broken)
    done = stage.all.start(Table(), PLAN, "dev")
    assert (done.verdict, done.exit_code) == ("restored", ExitCode.LEFT_BEHIND)
    assert "defect: KeyError" in done.left[0]


def test_a_record_that_could_not_be_stored_is_stored_by_resuming(stage: Stage) -> None:
    records = stage.all.records
    assert isinstance(records, Deaf)
    records.deaf = True
    done = stage.all.start(Table(), PLAN, "dev")
    assert (done.exit_code, done.stored) == (ExitCode.OK, False)
    assert f"`ial backup restore --resume {stage.run} --stack dev`" in stage.told[-1]
    records.deaf = False
    assert stage.all.resume(Table(), stage.run).stored
    assert records.get(stage.run, "restore") == done.document()


def before(stage: Stage, *lines: tuple[str, dict[str, Any]]) -> None:
    """A journal as restores wrote them when they had lines of their own at the end."""
    with closing(Journal.create(stage.all.runs.journal(OLD), stage.all.clock)) as journal:
        for step, data in lines:
            journal.write(step, **data)


def test_a_journal_of_before_that_was_cut_off_goes_on(stage: Stage) -> None:
    before(stage, ("restore-planned", PLAN.document()), ("restore", {}), ("restore.done", {}))
    table = Table()
    assert stage.all.resume(table, OLD).verdict == "restored"
    assert table.made == []


def test_a_journal_of_before_that_ended_is_only_stored(stage: Stage) -> None:
    check = Check(name="count", ok=False, expected="200", observed="199").document()
    ended = {"version": 1, "run": OLD, "verdict": "incomplete", "plan": PLAN.document(), "checks": [check], "notes": []}
    before(stage, ("restore-planned", PLAN.document()), ("restore-ended", {**ended, "exitCode": 1}))
    done = stage.all.resume(Table(), OLD)
    assert (done.verdict, done.exit_code, done.left) == ("incomplete", ExitCode.REFUSED, ())
    assert stage.steps() == ["restore-planned", "restore-ended", STORED]
    assert stage.all.records.get(OLD, "restore") == done.document()


def test_what_writes_into_the_source_takes_turns(stage: Stage) -> None:
    plan = RestorePlan.read({**PLAN.document(), "target": "orders"})
    held = stage.all.leases.acquire("chaos", "an experiment")
    with pytest.raises(LeaseHeldError, match="an experiment"):
        stage.all.start(Table(), plan, "dev")
    assert stage.steps() == ["restore-planned"]
    stage.all.leases.release(held)
    assert stage.all.resume(Table(), stage.run).verdict == "restored"
    assert stage.all.leases.holder("chaos") is None
