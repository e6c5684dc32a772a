"""The runner was away during the fault: what can still be proven, and what cannot."""

from __future__ import annotations

from typing import Any

import pytest

from runners.chaos.record_of_run import record_of_run
from runners.chaos.verdict import Verdict
from runners.journal import Journal, read_entries
from runners.runs import Runs
from tests.runners.chaos.conftest import Rehearsal
from tests.runners.chaos.four_kinds import KINDS

pytestmark = pytest.mark.cloud


class Killed(BaseException):
    """No handler catches it, as none runs in a process that was killed."""


def die_after(rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch, kind: str, line: int) -> str:
    """Runs until a line is on disk; from then on nothing is written and nothing is asked of AWS."""
    experiment, action = KINDS[kind]
    made = rehearsal.template(experiment, action)
    rehearsal.begin()
    write, dead = Journal.write, False

    def killing(journal: Journal, step: str, **data: Any) -> Any:
        nonlocal dead
        if dead:
            raise Killed
        entry = write(journal, step, **data)
        if entry.number == line:
            dead = True
            raise Killed
        return entry

    def cleaning(*_: object) -> list[str]:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "write", killing)
        patch.setattr("runners.chaos.life_cycle.clean_up", cleaning)
        with pytest.raises(Killed):
            rehearsal.cycle().run(made)
    return Runs(rehearsal.folder, "dev").all()[-1]


def test_away_during_the_fault_what_only_the_runner_sees_is_not_proven(
    rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = die_after(rehearsal, monkeypatch, "hidden", 8)
    record = rehearsal.cycle().resume(run)
    assert record.judgement.verdict is Verdict.INCONCLUSIVE, record.judgement
    assert "the runner was away during the fault" in record.judgement.reasons


def test_away_during_the_fault_cloudwatch_fills_the_gap(rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> None:
    run = die_after(rehearsal, monkeypatch, "latency", 8)
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
