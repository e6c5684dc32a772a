"""What people read of a run."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from runners.chaos.before.plan_document import planned
from runners.chaos.evidence.expectations import Met
from runners.chaos.judging.hypothesis import Sample
from runners.chaos.judging.verdict import Judgement, Verdict
from runners.chaos.record.chaos_record import ChaosRecord
from runners.chaos.running.halting import Halted
from runners.cli.terminal import Terminal
from runners.cli.views.experiments_view import show_halted, show_history, show_plan, show_record
from tests.runners.chaos.before.test_preflight import EXPERIMENT, GOOD
from tests.runners.chaos.experiments import changed, passed, radius

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def told(record: ChaosRecord, capsys: pytest.CaptureFixture[str]) -> list[str]:
    show_record(record, Terminal())
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def seen(*values: float, recovered: float | None) -> ChaosRecord:
    samples = [
        Sample(NOON + timedelta(minutes=number), "errors", value, value <= 60) for number, value in enumerate(values)
    ]
    return replace(passed(), samples=samples, recovered={"errors": recovered})


@pytest.mark.parametrize(
    ("values", "recovered", "line"),
    [
        ((0.0, 0.0), 0.0, "errors yes 0"),
        ((0.0, 70.0, 5.0), 120.0, "errors yes 0 to 70; 1 of 3 out of tolerance, fine again after 120 s"),
        ((0.0, 70.0, 5.0), 301.0, "errors NO 0 to 70; 1 of 3 out of tolerance, fine again after 301 s"),
        ((0.0, 70.0), None, "errors NO 0 to 70; 1 of 2 out of tolerance, not fine again"),
        ((), None, "errors unknown no data"),
    ],
)
def test_a_probe_that_recovers_in_time_is_fine(
    capsys: pytest.CaptureFixture[str], values: tuple[float, ...], recovered: float | None, line: str
) -> None:
    record = replace(seen(*values, recovered=recovered), shown=({"name": "gone", "ok": True, "seen": 1.0},))
    assert line in told(record, capsys)


def test_what_must_hold_throughout_is_not_fine_again(capsys: pytest.CaptureFixture[str]) -> None:
    record = seen(0, 70, 5, recovered=120)
    sustained = changed(record.experiment.hypothesis, kind="sustained")
    record = replace(record, experiment=changed(record.experiment, hypothesis=sustained))
    assert "errors NO 0 to 70; 1 of 3 out of tolerance, fine again after 120 s" in told(record, capsys)


def test_expectations_and_the_replacement_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    opened = Met(name="opened", when="during", ok=False, expected="at least 1", seen=0)
    lines = told(replace(seen(0, recovered=0), expectations=(opened,)), capsys)
    assert "opened NO 0; expected during: at least 1" in lines
    assert any("replaced after 90 s" in line for line in lines)


def test_a_run_that_was_refused_measures_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    times = {**passed().times, "started": None, "injected": None}
    record = replace(
        passed(), judgement=Judgement(Verdict.REFUSED, ("quota: 5 experiments run",)), times=times, outcome=None
    )
    assert told(record, capsys) == [
        "REFUSED instance-termination run 20261125-083000-a1b2",
        "quota: 5 experiments run",
        "no fault was started; it costs nothing",
    ]


def plan_of(capsys: pytest.CaptureFixture[str], changes: dict[str, Any], **seen: Any) -> list[str]:
    planned_one = changed(EXPERIMENT, **changes)
    situation = replace(GOOD, targets=replace(GOOD.targets, **seen))
    show_plan(planned_one, planned(planned_one, situation), Terminal())
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_a_plan_without_a_group_names_none(capsys: pytest.CaptureFixture[str]) -> None:
    lines = plan_of(capsys, {"blast_radius": radius(group=None, group_kind=None)}, group_size=None, healthy=None)
    assert not any("None" in line for line in lines), lines
    assert "undo the group replaces the instance" in lines
    assert lines[-1] == "nothing stands against it"


def test_a_plan_says_what_is_not_known(capsys: pytest.CaptureFixture[str]) -> None:
    why = "autoscaling:DescribeAutoScalingGroups on shop-web: ExpiredToken: it is over; log in again"
    lines = plan_of(capsys, {"stop_alarms": ()}, healthy=None, unread={"group": why})
    assert "group shop-web, whose state is not known" in lines
    assert "lasts 60 s; stopped by no alarm" in lines
    assert f"REFUSED group-unknown: the state of shop-web could not be read: {why}" in lines


def test_a_halt_tells_how_it_ends(capsys: pytest.CaptureFixture[str]) -> None:
    show_halted(Halted(halted=True, lever_engaged=None, stopped=("EXP1",), left=()), Terminal())
    out = capsys.readouterr().out
    assert "nothing new starts before `ial chaos halt --release`" in out
    assert "stopped EXP1" in out
    show_halted(Halted(halted=False, lever_engaged=None, stopped=(), left=()), Terminal())
    assert capsys.readouterr().out == "experiments may start again\n"


def test_the_history_tells_how_to_go_on(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    # Test processes inherit the width that readline found.
    monkeypatch.delenv("COLUMNS", raising=False)
    run = {"run": "20261125-083000-a1b2", "experiment": "latency", "verdict": None, "usd": "0", "ended": False}
    show_history({"runs": [run | {"here": True}, run | {"here": False}]}, "prod", Terminal())
    out = capsys.readouterr().out
    assert "cut off: ial chaos resume 20261125-083000-a1b2 --stack prod" in out
    assert "not over, elsewhere" in out
