from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from runners.chaos.control.judging import LOOK_BACK, fired, gaps, steady, unexpected
from runners.chaos.judging.alert_accuracy import StateChange
from runners.chaos.judging.hypothesis import Sample

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def sample(minute: float, ok: bool | None, probe: str = "errors") -> Sample:
    return Sample(NOON + timedelta(minutes=minute), probe, None if ok is None else float(ok), ok)


def rang(minute: float, alarm: str = "a", state: str = "ALARM") -> StateChange:
    return StateChange(alarm, NOON + timedelta(minutes=minute), state)


@pytest.mark.parametrize(
    ("samples", "holds"),
    [
        ([sample(number, True) for number in range(5)], True),
        ([sample(0, True), sample(1, False), sample(2, True)], False),
        ([], None),
        ([sample(number, None) for number in range(5)], None),
        ([sample(0, None), *(sample(number, True) for number in range(1, 5))], True),
        ([sample(0, None), sample(1, None), *(sample(number, True) for number in range(2, 5))], None),
    ],
)
def test_steady_is_what_was_seen_to_be_fine(samples: list[Sample], holds: bool | None) -> None:
    found, reasons = steady(samples, ["errors"])
    assert found is holds
    assert bool(reasons) == (holds is not True)


def test_an_alarm_that_rang_before_says_nothing() -> None:
    changes = [rang(1), rang(2, "b"), rang(3, "c", "OK"), rang(4, "b")]
    assert fired(changes, ["a"]) == ("b",)
    assert unexpected(changes, ["a"], []) == ("b",)


@pytest.mark.parametrize(("bad", "false"), [(10.0, False), (20.5, True), (-5.0, False), (-5.1, True)])
def test_an_alarm_that_rang_for_something_is_no_false_alarm(bad: float, false: bool) -> None:
    """It rings at ten past: for what was bad in the quarter of an hour before."""
    assert timedelta(minutes=15) == LOOK_BACK
    assert unexpected([rang(10)], [], [sample(bad, False)]) == (("a",) if false else ())


def test_who_did_not_look_for_more_than_a_minute_says_so() -> None:
    looks = [NOON + timedelta(seconds=second) for second in (0, 30, 60, 121)]
    assert gaps(looks, NOON, NOON + timedelta(seconds=150)) == ("nobody looked from 12:01:00 to 12:02:01",)
    assert gaps([], NOON, NOON + timedelta(minutes=2)) == ("nobody looked from 12:00:00 to 12:02:00",)
