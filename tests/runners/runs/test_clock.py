from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runners.errors import DeadlineError
from runners.runs import clock as clock_module
from runners.runs.clock import SystemClock, parse_rfc3339, rfc3339, wait_for
from tests.runners.rehearsal import QuickClock


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-3))])))
def test_times_survive_to_the_millisecond(moment: datetime) -> None:
    moment = max(moment, datetime(1971, 1, 1, tzinfo=UTC))
    text = rfc3339(moment)
    assert text.endswith("Z")
    assert timedelta(0) <= moment - parse_rfc3339(text) < timedelta(milliseconds=1)


def test_a_time_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        parse_rfc3339("2026-11-25T08:30:00")


def test_waiting_ends_with_the_first_answer() -> None:
    answers = iter([None, None, "there"])
    clock = QuickClock()
    began = clock.time
    minute, second = timedelta(minutes=1), timedelta(seconds=1)
    assert wait_for(clock, "it", lambda: next(answers), within=minute, every=second) == "there"
    assert timedelta(seconds=2) <= clock.time - began < timedelta(seconds=3)


def test_waiting_ends_at_the_deadline_with_a_last_look() -> None:
    looks: list[datetime] = []
    clock = QuickClock()

    def look() -> None:
        looks.append(clock.time)

    with pytest.raises(DeadlineError, match="the table did not come about within 10 s"):
        wait_for(clock, "the table", look, within=timedelta(seconds=10), every=timedelta(seconds=4))
    assert looks[-1] - looks[0] >= timedelta(seconds=9.9)


def test_the_system_clock_is_in_utc() -> None:
    clock = SystemClock()
    before = clock.now()
    clock.sleep(0.01)
    assert clock.now() - before >= timedelta(seconds=0.01)
    assert before.tzinfo is UTC


def test_a_clock_that_is_set_meanwhile_disturbs_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    class Set(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            raise AssertionError("it was asked for the time of day")

    before = SystemClock().now()
    monkeypatch.setattr("runners.runs.clock.datetime", Set)
    ticks = clock_module._ticks()
    monkeypatch.setattr("runners.runs.clock._ticks", lambda: ticks + 3600)
    assert timedelta(minutes=59) < SystemClock().now() - before < timedelta(minutes=61)
