"""What people read of a run."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from runners.chaos.chaos_record import ChaosRecord
from runners.chaos.expectations import Met
from runners.chaos.experiments_view import show_record
from runners.chaos.hypothesis import Sample
from runners.terminal import Terminal
from tests.runners.chaos.experiments import changed, passed

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
