"""The runner was away during the fault: what can still be proven, and what cannot."""

from __future__ import annotations

import pytest

from runners.chaos.judging.verdict import Verdict
from runners.chaos.record.record_of_run import record_of_run
from runners.chaos.running import life_cycle
from runners.chaos.running.rehearsal import RehearsalClock
from runners.runs.journal import read_entries
from runners.runs.run_folder import Runs
from tests.runners.chaos.conftest import Rehearsal
from tests.runners.chaos.four_kinds import KINDS
from tests.runners.killing import die_after

pytestmark = pytest.mark.cloud


def away_from(rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch, kind: str, line: int) -> str:
    """A run whose runner died after a line; its name."""
    experiment, action = KINDS[kind]
    made = rehearsal.template(experiment, action)
    rehearsal.begin()
    die_after(monkeypatch, line, life_cycle, lambda: rehearsal.cycle().run(made))
    return Runs(rehearsal.folder, "dev").all()[-1]


@pytest.mark.parametrize("line", [6, 8])
@pytest.mark.parametrize("kind", ["hidden", "termination"])
def test_away_during_the_fault_what_only_the_runner_sees_is_not_proven(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch, kind: str, line: int
) -> None:
    run = away_from(rehearsal, monkeypatch, kind, line)
    RehearsalClock(rehearsal.url).sleep(240)
    record = rehearsal.cycle().resume(run)
    assert record.judgement.verdict is Verdict.INCONCLUSIVE, record.judgement
    assert any("healthy: nobody looked for" in reason for reason in record.judgement.reasons), record.judgement


def test_away_for_a_moment_misses_nothing(rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> None:
    run = away_from(rehearsal, monkeypatch, "hidden", 8)
    RehearsalClock(rehearsal.url).sleep(30)
    assert rehearsal.cycle().resume(run).judgement.verdict is Verdict.PASSED


def test_away_during_the_fault_cloudwatch_fills_the_gap(rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> None:
    run = away_from(rehearsal, monkeypatch, "latency", 8)
    RehearsalClock(rehearsal.url).sleep(240)
    assert rehearsal.cycle().resume(run).judgement.verdict is Verdict.PASSED


def test_an_ended_run_is_only_reported(rehearsal: Rehearsal) -> None:
    experiment, action = KINDS["latency"]
    made = rehearsal.template(experiment, action)
    rehearsal.begin()
    record = rehearsal.cycle().run(made)
    lines = Runs(rehearsal.folder, "dev").journal(record.run).read_bytes()
    again = rehearsal.cycle().resume(record.run)
    assert again.document() == record.document()
    assert Runs(rehearsal.folder, "dev").journal(record.run).read_bytes() == lines
    assert record_of_run(read_entries(Runs(rehearsal.folder, "dev").journal(record.run))).stored
