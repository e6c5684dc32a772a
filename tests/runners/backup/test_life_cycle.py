from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from runners.backup.drill import Cost, DrillLimits, DrillRun
from runners.backup.drill_record import DrillRecord, record_from
from runners.backup.evidence import Check, Finding, Kind, Verdict
from runners.backup.life_cycle import DrillLifeCycle
from runners.backup.reasons import DrillReason
from runners.errors import AwsError, JournalError
from runners.exit_codes import ExitCode
from runners.runs.journal import read_entries
from runners.runs.lease import LeaseHeldError, LeaseLostError
from runners.runs.reason import Obstacle
from runners.runs.steps import ENDED, STORED
from tests.runners.backup.drill_cycles import drill_cycle
from tests.runners.conftest import ROOT
from tests.runners.killing import die_after, disk_is_full
from tests.runners.rehearsal import MemoryRecords, QuickClock

LIMITS = DrillLimits()


@dataclass
class SideTable:
    """A drill of one step that has an effect: it makes a side table, and looks at it."""

    made: list[str] = field(default_factory=list)
    content: bool | None = True
    fault: Callable[[], object] = lambda: None
    clean_up_fault: Exception | None = None
    against: list[Obstacle] = field(default_factory=list)
    seconds: float = 60
    kind = Kind.TABLE
    resource = "orders"
    required = frozenset({"content", "recovery-time"})

    def cost(self) -> Cost:
        return Cost(usd=Decimal("0.20"), lines=("1 GB restored x 0.15 = 0.15",))

    def obstacles(self) -> list[Obstacle]:
        return self.against

    def carry_out(self, run: DrillRun) -> None:
        run.step("restore", lambda: self._restore(run))
        run.check(Check(name="content", ok=self.content, expected="200 items", observed="200 items"))
        run.finding(Finding(what="time to live is lost", advice="switch it on again"))
        self.fault()
        run.step("recovery", lambda: {"restored_to": "x", "rto_seconds": self.seconds, "rpo_seconds": 3.5})
        run.check(LIMITS.objective_check(self.seconds))

    def _restore(self, run: DrillRun) -> dict[str, Any]:
        if run.id not in self.made:
            self.made.append(run.id)
        run.clock.sleep(self.seconds)
        return {"table": f"orders-drill-{run.id}"}

    def clean_up(self, run: DrillRun) -> list[str]:
        if self.clean_up_fault:
            raise self.clean_up_fault
        if run.began("restore") is not None and run.id in self.made:
            self.made.remove(run.id)
        return []


@dataclass
class Stage:
    """A life cycle with everything around it in memory."""

    cycle: DrillLifeCycle
    records: MemoryRecords
    published: list[DrillRecord]
    told: list[str]

    @property
    def run(self) -> str:
        return self.cycle.runs.all()[-1]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    clock, records = QuickClock(), MemoryRecords()
    published: list[DrillRecord] = []
    told: list[str] = []
    cycle = drill_cycle(tmp_path, clock, records=records, publish=published.append, say=told.append)
    return Stage(cycle, records, published, told)


def test_a_drill_that_proves_everything_passes(stage: Stage) -> None:
    drill = SideTable()
    record = stage.cycle.run(drill)
    assert (record.verdict, record.reasons, record.exit_code) == (Verdict.PASSED, (), ExitCode.OK)
    assert (record.rto_seconds, record.rpo_seconds, record.cost_usd) == (60, 3.5, Decimal("0.20"))
    assert [phase.name for phase in record.phases] == ["restore"]
    assert 60 <= record.phases[0].seconds < 61
    assert drill.made == []
    assert stage.published == [record]
    document = record.document()
    assert stage.records.get(record.run, "record") == document
    schema = json.loads((ROOT / "schemas" / "drill-record.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(document)


def test_late_is_failed(stage: Stage) -> None:
    record = stage.cycle.run(SideTable(seconds=901))
    assert record.verdict is Verdict.FAILED
    assert record.reasons == ("recovery-time: expected at most 900 s, found 901.0 s",)


@pytest.mark.parametrize(("content", "verdict"), [(False, Verdict.FAILED), (None, Verdict.INCONCLUSIVE)])
def test_evidence_against_it_or_none(stage: Stage, content: bool | None, verdict: Verdict) -> None:
    record = stage.cycle.run(SideTable(content=content))
    assert record.verdict is verdict
    assert record.exit_code is {Verdict.FAILED: ExitCode.REFUSED, Verdict.INCONCLUSIVE: ExitCode.NOT_PROVEN}[verdict]


def test_an_obstacle_refuses_and_costs_nothing(stage: Stage) -> None:
    drill = SideTable(against=[DrillReason.RECOVERY_OFF.against(table="orders")])
    record = stage.cycle.run(drill)
    assert (record.verdict, record.exit_code) == (Verdict.REFUSED, ExitCode.NOT_STARTED)
    told = "point-in-time recovery of table orders is off; apply the stack again, or switch it on"
    assert record.reasons == (f"recovery-off: {told}",)
    assert record.document()["reasonCodes"] == ["recovery-off"]
    assert record.phases == ()
    assert stage.cycle.budget.spent() == 0


def test_the_month_s_budget_refuses_and_the_next_month_does_not(stage: Stage) -> None:
    assert [stage.cycle.run(SideTable()).verdict for _ in range(3)] == [
        Verdict.PASSED,
        Verdict.PASSED,
        Verdict.REFUSED,
    ]
    assert stage.cycle.budget.spent() == Decimal("0.40")
    stage.cycle.clock.sleep(7 * 86400)
    assert stage.cycle.run(SideTable()).verdict is Verdict.PASSED


def test_a_budget_that_is_met_exactly_is_not_exceeded(stage: Stage) -> None:
    stage = replace(stage, cycle=replace(stage.cycle, budget=replace(stage.cycle.budget, monthly_usd=Decimal("0.40"))))
    assert [stage.cycle.run(SideTable()).verdict for _ in range(2)] == [Verdict.PASSED, Verdict.PASSED]


def test_a_failed_call_is_told_and_cleaned_up_after(stage: Stage) -> None:
    def fault() -> None:
        raise AwsError("dynamodb:Scan on orders: InternalServerError: again", operation="dynamodb:Scan", code="500")

    drill = SideTable(fault=fault)
    record = stage.cycle.run(drill)
    assert (record.verdict, record.exit_code) == (Verdict.ERROR, ExitCode.AWS_FAILED)
    assert record.reasons == ("dynamodb:Scan on orders: InternalServerError: again",)
    assert drill.made == []
    assert record.rto_seconds is None


def test_an_interruption_is_cleaned_up_after(stage: Stage) -> None:
    def fault() -> None:
        raise KeyboardInterrupt

    drill = SideTable(fault=fault)
    record = stage.cycle.run(drill)
    assert (record.verdict, record.exit_code) == (Verdict.INTERRUPTED, ExitCode.INTERRUPTED)
    assert drill.made == []


def test_a_defect_is_raised_after_the_clean_up(stage: Stage) -> None:
    def fault() -> None:
        raise ZeroDivisionError

    drill = SideTable(fault=fault)
    with pytest.raises(ZeroDivisionError):
        stage.cycle.run(drill)
    assert drill.made == []
    assert stage.published[-1].verdict is Verdict.ERROR


def test_what_is_left_behind_outranks_a_pass(stage: Stage) -> None:
    fault = AwsError("dynamodb:DeleteTable on x: 500", operation="dynamodb:DeleteTable", code="500")
    record = stage.cycle.run(SideTable(clean_up_fault=fault))
    assert (record.verdict, record.exit_code) == (Verdict.PASSED, ExitCode.LEFT_BEHIND)
    assert record.left == ("clean-up of table orders failed: dynamodb:DeleteTable on x: 500; run `ial backup reap`",)


def test_signals_wait_for_the_clean_up(stage: Stage) -> None:
    class Slow(SideTable):
        def clean_up(self, run: DrillRun) -> list[str]:
            os.kill(os.getpid(), signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGINT)
            return super().clean_up(run)

    before = signal.getsignal(signal.SIGTERM)
    drill = Slow()
    assert stage.cycle.run(drill).verdict is Verdict.PASSED
    assert drill.made == []
    assert stage.told.count("cleaning up; this does not stop before it is done") == 2
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_record_that_could_not_be_stored_is_stored_by_resuming(stage: Stage) -> None:
    class Deaf(MemoryRecords):
        def put(self, run: str, step: str, document: Any) -> None:
            if step == "record":
                raise AwsError("dynamodb:PutItem on records: 500", operation="dynamodb:PutItem", code="500")
            super().put(run, step, document)

    record = replace(stage.cycle, records=Deaf()).run(SideTable())
    assert (record.verdict, record.stored) == (Verdict.PASSED, False)
    assert f"`ial backup drill --resume {record.run}`" in stage.told[-1]
    again = stage.cycle.resume(SideTable(), record.run)
    assert again == replace(record, stored=True)
    assert stage.records.get(record.run, "record") == record.document()
    assert stage.cycle.resume(SideTable(), record.run) == again
    assert len(stage.published) == 1


def test_a_journal_that_cannot_be_written_starts_nothing(stage: Stage) -> None:
    stage.cycle.runs.folder.parent.mkdir(parents=True)
    stage.cycle.runs.folder.write_text("in the way")
    drill = SideTable()
    with pytest.raises(JournalError, match="nothing was done"):
        stage.cycle.run(drill)
    assert drill.made == []


LINES = ("started", "restore", "restore.done", "check", "finding", "recovery", "recovery.done", "check")
LAST_LINES = ("carried-out", "cleaned", ENDED, STORED)


def test_the_lines_of_a_run(stage: Stage) -> None:
    stage.cycle.run(SideTable())
    steps = [entry.step for entry in read_entries(stage.cycle.runs.journal(stage.run))]
    assert steps == [*LINES, *LAST_LINES]


@pytest.mark.parametrize("line", range(1, len(LINES) + len(LAST_LINES) + 1))
def test_killed_after_each_line_and_resumed(stage: Stage, monkeypatch: pytest.MonkeyPatch, line: int) -> None:
    """After the death of a process nothing of it runs any more, so neither writing nor cleaning up works."""
    drill = SideTable()
    die_after(monkeypatch, line, SideTable, lambda: stage.cycle.run(drill))
    entries = read_entries(stage.cycle.runs.journal(stage.run))
    assert len(entries) == line
    ended = entries[-1].step in (ENDED, STORED)
    assert (record_from(entries).verdict is Verdict.PASSED) == ended
    record = stage.cycle.resume(drill, stage.run)
    assert drill.made == []
    assert record.verdict is Verdict.PASSED
    assert stage.cycle.budget.spent() == Decimal("0.20")
    assert [entry.step for entry in read_entries(stage.cycle.runs.journal(stage.run))][-2:] == [ENDED, STORED]


@pytest.mark.parametrize("step", [line for line in (*LINES, *LAST_LINES) if line not in ("started", STORED)])
def test_a_full_disk_leaves_nothing_untold(stage: Stage, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    drill = SideTable()
    with monkeypatch.context() as patch:
        disk_is_full(patch, step)
        record = stage.cycle.run(drill)
    assert drill.made == []
    assert (record.exit_code, record.cleaned, record.stored) == (ExitCode.LEFT_BEHIND, False, False)
    assert any(told.startswith("the journal: ") and "No space left" in told for told in record.left)
    assert stage.cycle.resume(drill, stage.run).cleaned


def test_a_full_disk_and_something_left_behind(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    disk_is_full(monkeypatch, "restore.done")
    fault = AwsError("dynamodb:DeleteTable on x: 500", operation="dynamodb:DeleteTable", code="500")
    record = stage.cycle.run(SideTable(clean_up_fault=fault))
    assert record.exit_code is ExitCode.LEFT_BEHIND
    assert record.left[0].startswith("clean-up of table orders failed: ")


def test_a_full_disk_before_the_first_line_starts_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    drill = SideTable()
    disk_is_full(monkeypatch, "started")
    with pytest.raises(JournalError, match="No space left"):
        stage.cycle.run(drill)
    assert drill.made == []


def test_a_drill_waits_for_no_experiment_it_is_refused_and_told_who_has_the_lease(stage: Stage) -> None:
    held = stage.cycle.leases.acquire("chaos", "20261125-083000-a1b2, experiment network-latency,")
    drill = SideTable()
    record = stage.cycle.run(drill)
    assert (record.verdict, record.exit_code) == (Verdict.REFUSED, ExitCode.NOT_STARTED)
    assert record.reasons[0].startswith("locked: 20261125-083000-a1b2, experiment network-latency, holds the lease")
    assert drill.made == []
    assert stage.cycle.leases.renew(held).fence == held.fence
    stage.cycle.leases.release(held)
    assert stage.cycle.run(drill).verdict is Verdict.PASSED


def test_a_drill_has_the_lease_while_it_works_and_frees_it_when_all_is_cleaned_up(stage: Stage) -> None:
    seen: list[str | None] = []
    drill = SideTable(fault=lambda: seen.append(stage.cycle.leases.holder("chaos")))
    clean_up = drill.clean_up

    def watched(run: DrillRun) -> list[str]:
        seen.append(stage.cycle.leases.holder("chaos"))
        return clean_up(run)

    drill.clean_up = watched  # type: ignore[method-assign]
    record = stage.cycle.run(drill)
    assert seen == [f"{record.run}, a drill of orders, holds the lease chaos"] * 2
    assert stage.cycle.leases.holder("chaos") is None


def test_a_drill_that_lost_the_lease_stops_and_cleans_up(stage: Stage) -> None:
    def lose() -> None:
        raise LeaseLostError("the lease chaos was lost")

    class Late(SideTable):
        def carry_out(self, run: DrillRun) -> None:
            run.step("restore", lambda: self._restore(run))
            run.guard = lose
            run.step("recovery", lambda: {"restored_to": "x", "rto_seconds": 1, "rpo_seconds": 1})

        def clean_up(self, run: DrillRun) -> list[str]:
            run.step("removal", dict)
            return super().clean_up(run)

    drill = Late()
    record = stage.cycle.run(drill)
    assert (record.verdict, record.cleaned, drill.made) == (Verdict.ERROR, True, [])
    assert "the lease chaos was lost" in record.reasons[0]


def test_a_run_that_goes_on_needs_the_lease_and_does_nothing_without(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    drill = SideTable()
    die_after(monkeypatch, "restore.done", drill, lambda: stage.cycle.run(drill))
    stage.cycle.clock.sleep(90)
    held = stage.cycle.leases.acquire("chaos", "an experiment")
    before = read_entries(stage.cycle.runs.journal(stage.run))
    with pytest.raises(LeaseHeldError, match="an experiment holds the lease"):
        stage.cycle.resume(drill, stage.run)
    assert read_entries(stage.cycle.runs.journal(stage.run)) == before
    stage.cycle.leases.release(held)
    assert stage.cycle.resume(drill, stage.run).verdict is Verdict.PASSED


def test_a_defect_in_the_clean_up_is_told_and_needs_somebody(stage: Stage) -> None:
    drill = SideTable(clean_up_fault=KeyError("TableName"))
    record = stage.cycle.run(drill)
    assert record.exit_code is ExitCode.LEFT_BEHIND
    assert "defect: KeyError" in record.left[0]


def test_a_fault_of_this_machine_is_no_defect(stage: Stage) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device", "/tmp/x")

    drill = SideTable(fault=full)
    record = stage.cycle.run(drill)
    assert (record.verdict, drill.made) == (Verdict.ERROR, [])
    assert "/tmp/x: No space left on device; free some space" in record.reasons[0]
