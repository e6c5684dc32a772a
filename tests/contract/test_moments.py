from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.cron import At, Cron, Rate, read_schedule
from contract.moments import after_run, last_moment, next_moment

LISBON, NEW_YORK, APIA, UTC_ZONE = (
    ZoneInfo(name) for name in ("Europe/Lisbon", "America/New_York", "Pacific/Apia", "UTC")
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def moments(first: int, last: int) -> st.SearchStrategy[datetime]:
    minutes = (at(f"{last}-01-01T00:00") - at(f"{first}-01-01T00:00")) // timedelta(minutes=1)
    return st.integers(0, minutes).map(lambda number: at(f"{first}-01-01T00:00") + timedelta(minutes=number))


def planned(text: str) -> Cron | At:
    found = read_schedule(text)
    assert not isinstance(found, Rate)
    return found


# In Lisbon clocks go from 01:00 to 02:00 on 2026-03-29, and from 02:00 back to 01:00 on 2026-10-25.
@pytest.mark.parametrize(
    ("schedule", "zone", "now", "last", "following"),
    [
        ("cron(0 10 ? * TUE *)", UTC_ZONE, "2026-11-24T10:00", "2026-11-24T10:00", "2026-12-01T10:00"),
        ("cron(0 10 ? * TUE *)", UTC_ZONE, "2026-11-24T09:59:59", "2026-11-17T10:00", "2026-11-24T10:00"),
        ("cron(0 10 ? * TUE *)", LISBON, "2026-07-07T09:30", "2026-07-07T09:00", "2026-07-14T09:00"),
        ("cron(30 1 * * ? *)", LISBON, "2026-03-29T12:00", "2026-03-28T01:30", "2026-03-30T00:30"),
        ("cron(30 1 * * ? *)", LISBON, "2026-10-25T00:30", "2026-10-25T00:30", "2026-10-26T01:30"),
        ("cron(30 1 * * ? *)", LISBON, "2026-10-25T01:30", "2026-10-25T00:30", "2026-10-26T01:30"),
        ("cron(30 1,2 * * ? *)", LISBON, "2026-10-25T01:00", "2026-10-25T00:30", "2026-10-25T02:30"),
        ("cron(30 2 ? * SUN *)", NEW_YORK, "2026-03-08T12:00", "2026-03-01T07:30", "2026-03-15T06:30"),
        # On 2011-12-30 there was no day in Samoa.
        ("cron(0 10 30 12 ? 2011)", APIA, "2012-01-05T00:00", None, None),
        ("cron(0 10 29 2 ? *)", UTC_ZONE, "2026-11-28T00:00", "2024-02-29T10:00", "2028-02-29T10:00"),
        ("cron(0 10 29 2 ? *)", UTC_ZONE, "2103-01-01T00:00", "2096-02-29T10:00", "2104-02-29T10:00"),
        ("cron(0 10 L * ? *)", UTC_ZONE, "2026-11-28T00:00", "2026-10-31T10:00", "2026-11-30T10:00"),
        ("cron(0 10 1 1 ? 2020)", UTC_ZONE, "2060-01-01T00:00", "2020-01-01T10:00", None),
        ("cron(0 10 1 1 ? 2060)", UTC_ZONE, "2026-01-01T00:00", None, "2060-01-01T10:00"),
        ("cron(0 0 31 12 ? *)", LISBON, "2026-12-31T00:00", "2026-12-31T00:00", "2027-12-31T00:00"),
        ("at(2026-11-24T10:00:00)", LISBON, "2026-11-24T09:00", None, "2026-11-24T10:00"),
        ("at(2026-11-24T10:00:00)", LISBON, "2026-11-24T10:00", "2026-11-24T10:00", None),
        ("at(2026-03-29T01:30:00)", LISBON, "2026-11-24T10:00", None, None),
    ],
)  # fmt: skip
def test_what_was_planned_last_and_what_comes(
    schedule: str, zone: ZoneInfo, now: str, last: str | None, following: str | None
) -> None:
    held = planned(schedule)
    assert last_moment(held, zone, at(now)) == (None if last is None else at(last))
    assert next_moment(held, zone, at(now)) == (None if following is None else at(following))


def test_a_rate_counts_hours_whatever_clocks_do() -> None:
    fortnight = read_schedule("rate(14 days)")
    assert isinstance(fortnight, Rate)
    assert after_run(fortnight, at("2026-10-20T10:00")) == at("2026-11-03T10:00")


def by_brute_force(cron: Cron, zone: ZoneInfo, first: datetime, last: datetime) -> list[datetime]:
    """Every minute of the time, looked at on the wall: the first of two that read alike."""
    found, seen, moment = [], set(), first
    while moment <= last:
        wall = moment.astimezone(zone).replace(tzinfo=None)
        if wall not in seen and cron.runs_on(wall.date()) and wall.hour in cron.hours and wall.minute in cron.minutes:
            found.append(moment)
        seen.add(wall)
        moment += timedelta(minutes=1)
    return found


HOURS = st.sets(st.integers(0, 23), min_size=1, max_size=3)
CHANGES = [at("2026-03-29T01:00"), at("2026-10-25T01:00"), at("2026-03-08T07:00"), at("2026-11-01T06:00")]


@given(
    hours=HOURS,
    minutes=st.sets(st.integers(0, 59), min_size=1, max_size=2),
    weekdays=st.sets(st.integers(1, 7), min_size=1, max_size=7),
    zone=st.sampled_from([LISBON, NEW_YORK, UTC_ZONE]),
    change=st.sampled_from(CHANGES),
    shift=st.integers(-26 * 60, 26 * 60),
)
@settings(max_examples=15, deadline=None)
def test_around_changes_of_clocks_it_is_what_every_minute_says(
    hours: set[int], minutes: set[int], weekdays: set[int], zone: ZoneInfo, change: datetime, shift: int
) -> None:
    cron = Cron(
        minutes=frozenset(minutes),
        hours=frozenset(hours),
        months=frozenset(range(1, 13)),
        weekdays=frozenset(weekdays),
    )
    now = change + timedelta(minutes=shift)
    around = by_brute_force(cron, zone, now - timedelta(days=2), now + timedelta(days=2))
    before = [moment for moment in around if moment <= now]
    after = [moment for moment in around if moment > now]
    if before:
        assert last_moment(cron, zone, now) == before[-1]
    if after:
        assert next_moment(cron, zone, now) == after[0]


@given(now=moments(2020, 2030))
@settings(max_examples=40, deadline=None)
def test_last_and_next_meet(now: datetime) -> None:
    weekly = planned("cron(30 1 ? * SUN *)")
    last = last_moment(weekly, LISBON, now)
    following = next_moment(weekly, LISBON, now)
    assert last is not None
    assert following is not None
    assert last <= now < following
    assert next_moment(weekly, LISBON, last) == following
    assert last_moment(weekly, LISBON, following - timedelta(seconds=1)) == last


@pytest.mark.parametrize("schedule", ["cron(0 10 ? * TUE *)", "cron(0 10 29 2 ? *)", "cron(0 10 1 7 ? 2024)"])
@given(
    now=moments(2023, 2030),
    back=st.integers(0, 2000),
)
@settings(max_examples=30, deadline=None)
def test_nothing_is_found_that_was_before_it_counts(schedule: str, now: datetime, back: int) -> None:
    since = now - timedelta(days=back)
    whole = last_moment(planned(schedule), LISBON, now)
    assert last_moment(planned(schedule), LISBON, now, since) == (None if whole is None or whole <= since else whole)
