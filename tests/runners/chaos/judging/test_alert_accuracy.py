from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from runners.chaos.judging.alert_accuracy import StateChange, alert_accuracy

T0 = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
END = T0 + timedelta(minutes=10)


def change(alarm: str, seconds: float, state: str = "ALARM") -> StateChange:
    return StateChange(alarm, T0 + timedelta(seconds=seconds), state)


def test_what_fired_what_did_not_and_what_should_not_have() -> None:
    changes = [change("errors", 95), change("errors", 30, "OK"), change("latency", 70), change("saturation", 20)]
    found = alert_accuracy({"errors", "latency", "hosts"}, changes, set(), T0, END)
    assert (found.fired, found.missed, found.unexpected) == (("errors", "latency"), ("hosts",), ("saturation",))
    assert (found.precision, found.recall) == (2 / 3, 2 / 3)
    assert found.detected_after == 70


def test_what_fired_outside_of_the_window_does_not_count() -> None:
    found = alert_accuracy({"errors"}, [change("errors", -1), change("errors", 601)], set(), T0, END)
    assert (found.fired, found.recall, found.precision, found.detected_after) == ((), 0.0, None, None)


def test_the_window_s_ends_count() -> None:
    for seconds in (0, 600):
        assert alert_accuracy({"errors"}, [change("errors", seconds)], set(), T0, END).fired == ("errors",)


def test_an_alarm_that_was_on_already_proves_nothing() -> None:
    found = alert_accuracy({"errors"}, [change("errors", 10)], {"errors"}, T0, END)
    assert (found.fired, found.missed, found.unexpected, found.excluded) == ((), (), (), ("errors",))
    assert (found.precision, found.recall) == (None, None)


def test_nothing_expected_and_nothing_fired() -> None:
    found = alert_accuracy(set(), [], set(), T0, END)
    assert (found.precision, found.recall, found.detected_after) == (None, None, None)


ALARMS = st.sampled_from("abcd")
CHANGES = st.lists(st.builds(change, ALARMS, st.integers(-100, 700), st.sampled_from(["ALARM", "OK"])))


@given(st.sets(ALARMS), CHANGES, st.sets(ALARMS))
def test_each_alarm_is_one_thing_only(expected: set[str], changes: list[StateChange], already: set[str]) -> None:
    found = alert_accuracy(expected, changes, already, T0, END)
    parts = [set(part) for part in (found.fired, found.missed, found.unexpected, found.excluded)]
    assert sum(len(part) for part in parts) == len(set().union(*parts))
    assert parts[0] | parts[1] | parts[3] == expected
    for ratio in (found.precision, found.recall):
        assert ratio is None or 0 <= ratio <= 1
    assert (found.detected_after is None) == (not found.fired)
