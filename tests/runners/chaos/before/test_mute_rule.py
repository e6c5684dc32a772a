"""When a mute rule mutes: its words, the clock's changes, and a minute-by-minute look as the second opinion."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runners.chaos.before.mute_rule import MuteRule, MuteRuleError, MuteWindow

_WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


def rule(expression: str, duration: str = "PT1H", timezone: str = "UTC") -> MuteRule:
    return MuteRule.read(["latency"], expression, duration, timezone)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "now", "first"),
    [
        ("cron(0 10 * * TUE)", "2026-11-25T09:00", "2026-12-01T10:00"),
        ("cron(0 10 * * TUE)", "2026-11-24T09:59", "2026-11-24T10:00"),
        ("cron(0 10 * * TUE)", "2026-11-24T10:59", "2026-11-24T10:00"),
        ("cron(0 10 * * TUE)", "2026-11-24T11:00", "2026-12-01T10:00"),
        ("cron(0 10 * * SUN)", "2026-11-25T09:00", "2026-11-29T10:00"),
        ("cron(0 10 * * 0)", "2026-11-25T09:00", "2026-11-29T10:00"),
        ("cron(30 23 * * *)", "2026-11-25T00:10", "2026-11-24T23:30"),
        ("cron(0 10 8,22 * *)", "2026-11-22T12:00", "2026-12-08T10:00"),
        ("cron(0 10 1 1-3,JUL *)", "2026-11-22T12:00", "2027-01-01T10:00"),
        ("cron(0 10 29 2 *)", "2096-03-01T00:00", "2104-02-29T10:00"),
        ("at(2026-11-24T10:00)", "2026-11-01T00:00", "2026-11-24T10:00"),
    ],
)
def test_the_mute_that_is_on_else_the_next(expression: str, now: str, first: str) -> None:
    window = rule(expression).window(moment(now))
    assert window == MuteWindow(first=moment(first), last=moment(first) + timedelta(hours=1))


@pytest.mark.parametrize("expression", ["at(2026-11-24T10:00)", "cron(0 10 30 2 *)"])
def test_one_that_never_begins_again(expression: str) -> None:
    assert rule(expression).window(moment("2026-11-24T11:00")) is None


@pytest.mark.parametrize(
    ("expression", "now", "first"),
    [
        ("cron(0 10 * * *)", "2026-10-24T00:00", "2026-10-24T09:00"),
        ("cron(0 10 * * *)", "2026-10-25T00:00", "2026-10-25T10:00"),
        ("at(2026-07-01T10:00)", "2026-01-01T00:00", "2026-07-01T09:00"),
    ],
)
def test_times_are_those_of_the_rules_own_zone(expression: str, now: str, first: str) -> None:
    window = rule(expression, timezone="Europe/Lisbon").window(moment(now))
    assert window is not None
    assert window.first == moment(first)


@pytest.mark.parametrize(
    ("expression", "duration", "timezone"),
    [
        ("rate(14 days)", "PT1H", "UTC"),
        ("cron(0 10 ? * TUE *)", "PT1H", "UTC"),
        ("cron(0 10 1 * TUE)", "PT1H", "UTC"),
        ("cron(0/5 10 * * *)", "PT1H", "UTC"),
        ("cron(60 10 * * *)", "PT1H", "UTC"),
        ("cron(0 10-9 * * *)", "PT1H", "UTC"),
        ("cron(0 10 * * 8)", "PT1H", "UTC"),
        ("cron(0 10 * * 7)", "PT1H", "UTC"),
        ("cron(0 24 * * *)", "PT1H", "UTC"),
        ("cron(0 10 0 * *)", "PT1H", "UTC"),
        ("cron(0 10 32 * *)", "PT1H", "UTC"),
        ("cron(0 10 * 0 *)", "PT1H", "UTC"),
        ("cron(0 10 * 13 *)", "PT1H", "UTC"),
        # Steps are of other schedules.
        ("cron(0 0/2 * * *)", "PT1H", "UTC"),
        ("cron(0 10 1/2 * *)", "PT1H", "UTC"),
        ("cron(0 10 * 1/2 *)", "PT1H", "UTC"),
        ("cron(0 10 * * 0/2)", "PT1H", "UTC"),
        ("at(2026-02-30T10:00)", "PT1H", "UTC"),
        ("cron(0 10 * * *)", "1h", "UTC"),
        ("cron(0 10 * * *)", "PT0M", "UTC"),
        ("cron(0 10 * * *)", "P16D", "UTC"),
        ("cron(0 10 * * *)", "PT1H", "Europe/Nowhere"),
        ("cron(0 10 * * *)", "PT1H", "../etc/passwd"),
    ],
)
def test_what_is_not_understood_is_an_error(expression: str, duration: str, timezone: str) -> None:
    with pytest.raises(MuteRuleError):
        rule(expression, duration, timezone)


@pytest.mark.parametrize(("duration", "minutes"), [("PT57M", 57), ("PT1H30M", 90), ("P2DT12H", 3600), ("P15D", 21600)])
def test_durations(duration: str, minutes: int) -> None:
    assert rule("cron(0 10 * * *)", duration).duration == timedelta(minutes=minutes)


@given(
    st.sets(st.integers(0, 59), min_size=1, max_size=2),
    st.sets(st.integers(0, 23), min_size=1, max_size=2),
    st.sets(st.sampled_from(_WEEKDAYS), min_size=1),
    st.integers(1, 300),
    st.integers(0, 7 * 1440),
)
def test_every_minute_is_judged_as_a_look_at_each_start_judges_it(
    minutes: set[int], hours: set[int], weekdays: set[str], length: int, ahead: int
) -> None:
    fields = [",".join(map(str, sorted(minutes))), ",".join(map(str, sorted(hours))), "*", "*", ",".join(weekdays)]
    now = moment("2026-11-23T00:00") + timedelta(minutes=ahead)
    window = rule(f"cron({' '.join(fields)})", f"PT{length}M").window(now)
    assert window is not None

    def starts(at: datetime) -> bool:
        return at.minute in minutes and at.hour in hours and _WEEKDAYS[at.weekday()] in weekdays

    muted = any(starts(now - timedelta(minutes=back)) for back in range(length))
    assert window.covers(now, now) is muted
    assert starts(window.first)
    assert window.last - window.first == timedelta(minutes=length)
    quiet = int((window.first - now).total_seconds() // 60)
    assert not any(starts(now + timedelta(minutes=minute)) for minute in range(quiet))
