"""What is due over a year: changes of clocks, missed and doubled triggers, refused starts, windows, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runners.schedules.due import MISSED_AFTER, Known, Reservation, Standing, Terms, due, reserved
from runners.schedules.planned_kind import PlannedKind
from tests.runners.schedules.year import ANY_TIME, FIRST, LAST, Pipeline, at, planned


def never(now: datetime) -> bool:
    return False


def between(first: str, last: str) -> Callable[[datetime], bool]:
    return lambda now: at(first) <= now < at(last)


# In Lisbon 2026-03-29 has no 01:30, and 2026-10-25 has it twice. The first wake knows nothing that was before it.
@pytest.mark.parametrize(
    ("schedule", "zone", "away", "starts"),
    [
        ("cron(0 10 ? * TUE *)", "UTC", never, 52),
        ("cron(0 10 ? * TUE *)", "Europe/Lisbon", never, 52),
        ("cron(30 1 * * ? *)", "UTC", never, 365),
        ("cron(30 1 * * ? *)", "Europe/Lisbon", never, 364),
        ("cron(0 10 1 * ? *)", "UTC", never, 12),
        ("cron(0 10 8,22 * ? *)", "UTC", never, 24),
        ("cron(0 10 L * ? *)", "America/New_York", never, 12),
        ("cron(0 10 ? * MON#5 *)", "UTC", never, 4),
        ("cron(0 10 29 2 ? *)", "UTC", never, 0),
        ("cron(0 10 1 7 ? 2026)", "UTC", never, 1),
        ("cron(0 10 1 7 ? 2030)", "UTC", never, 0),
        ("at(2026-05-01T10:00:00)", "Europe/Lisbon", never, 1),
        ("at(2025-05-01T10:00:00)", "UTC", never, 0),
        # Counted from the run, and at first from when it was first known.
        ("rate(14 days)", "UTC", never, 26),
        ("rate(1 day)", "UTC", never, 364),
        # Three weeks away: three moments missed, one start made up for.
        ("cron(0 10 ? * TUE *)", "UTC", between("2026-06-01T00:00", "2026-06-22T00:00"), 50),
        ("cron(30 1 * * ? *)", "Europe/Lisbon", between("2026-03-20T00:00", "2026-04-01T12:00"), 353),
        ("rate(14 days)", "UTC", between("2026-06-01T00:00", "2026-07-06T00:00"), 23),
        ("at(2026-05-01T10:00:00)", "UTC", between("2026-04-30T00:00", "2026-06-01T00:00"), 1),
    ],
)  # fmt: skip
@pytest.mark.parametrize("twice", [False, pytest.param(True, marks=pytest.mark.rare)])
def test_a_year_of_one_schedule(
    schedule: str, zone: str, away: Callable[[datetime], bool], starts: int, twice: bool
) -> None:
    pipeline = Pipeline([planned("one", schedule, zone)])
    pipeline.year(away=away, twice=twice)
    assert len(pipeline.starts) == starts
    moments = [moment for _, moment in pipeline.starts]
    assert all(later - earlier >= timedelta(minutes=59) for earlier, later in pairwise(moments))


def test_a_doubled_trigger_starts_nothing_the_second_time() -> None:
    pipeline = Pipeline([planned("one", "cron(0 10 ? * TUE *)")])
    pipeline.wake(at("2026-01-05T00:00"))
    assert pipeline.wake(at("2026-01-06T10:00:10")).first is not None
    again = pipeline.wake(at("2026-01-06T10:00:40"))
    assert again.first is None
    assert [stand.standing for stand in again.stands] == [Standing.DONE]


def test_who_only_reserved_it_keeps_others_from_starting_it_too() -> None:
    item, now = planned("one", "cron(0 10 ? * TUE *)"), at("2026-01-06T10:05")
    since = Reservation(schedule=f"{item.schedule} UTC", since=at("2026-01-01T00:00"))
    [stand] = due([item], {item.key: Known(reservation=since)}, ANY_TIME, now).stands
    assert stand.standing is Standing.DUE
    kept = Known(reservation=reserved(stand, Known(reservation=since), now))
    [again] = due([item], {item.key: kept}, ANY_TIME, now + timedelta(seconds=20)).stands
    assert again.standing is Standing.STARTING
    # Whoever reserved it died before anything began: it is tried once more, and then no more.
    later = now + timedelta(hours=1)
    [once_more] = due([item], {item.key: kept}, ANY_TIME, later).stands
    assert once_more.standing is Standing.DUE
    last = Known(reservation=reserved(once_more, kept, later))
    [given_up] = due([item], {item.key: last}, ANY_TIME, later + timedelta(hours=1)).stands
    assert given_up.standing is Standing.GIVEN_UP
    assert given_up.missed(later)


def test_a_refused_start_is_tried_once_more_and_then_at_the_next_moment() -> None:
    pipeline = Pipeline([planned("one", "cron(0 10 ? * TUE *)")], refuse=lambda key, now: now < at("2026-01-20T00:00"))
    pipeline.year()
    tried = [moment for _, moment in pipeline.tried]
    assert tried[:5] == [
        at("2026-01-06T10:17"),
        at("2026-01-06T11:17"),
        at("2026-01-13T10:17"),
        at("2026-01-13T11:17"),
        at("2026-01-20T10:17"),
    ]
    assert pipeline.missed == {"experiment/one"}
    assert len(pipeline.starts) == 50


def test_a_rate_whose_start_was_refused_comes_again_a_length_later() -> None:
    pipeline = Pipeline([planned("one", "rate(7 days)")], refuse=lambda key, now: now < at("2026-01-12T00:00"))
    pipeline.year()
    assert [moment for _, moment in pipeline.tried][:3] == [
        at("2026-01-08T00:17"),
        at("2026-01-08T01:17"),
        at("2026-01-15T00:17"),
    ]


def test_of_two_that_are_due_the_later_one_waits_and_says_for_what() -> None:
    schedules = {"b": "cron(0 10 ? * TUE *)", "a": "cron(0 9 ? * TUE *)", "z": "at(2026-01-06T10:00:00)"}
    items = [planned(name, schedule) for name, schedule in schedules.items()]
    pipeline = Pipeline(items)
    pipeline.wake(at("2026-01-05T00:00"))
    found = pipeline.wake(at("2026-01-06T10:30"))
    assert found.first is not None
    assert found.first.item.name == "a"
    assert [(stand.item.name, stand.standing) for stand in found.stands] == [
        ("a", Standing.DUE),
        ("b", Standing.WAITS),
        ("z", Standing.WAITS),
    ]
    assert found.stands[1].reason == "experiment/a comes first: one at a time"


def test_outside_its_window_it_waits_and_uses_no_attempt() -> None:
    def terms(now: datetime) -> Terms:
        return Terms(allowed=now.weekday() == 3 and 9 <= now.hour < 17, text="on THU from 09:00 to 17:00 (UTC)")

    pipeline = Pipeline([planned("one", "cron(0 10 ? * TUE *)")], terms=terms)
    pipeline.year()
    assert [moment.isoformat() for _, moment in pipeline.starts[:2]] == [
        "2026-01-08T09:17:00+00:00",
        "2026-01-15T09:17:00+00:00",
    ]
    # Two days late: somebody should move the schedule into the window.
    assert pipeline.missed == {"experiment/one"}


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (Terms(allowed=False, text="on MON"), "experiments may run on MON"),
        (Terms(allowed=None, text="on MOX"), "terms that are not understood"),
        (Terms(allowed=True, text="", busy="run x holds the lease chaos"), "run x holds"),
        (Terms(allowed=True, text="", drilled=at("2026-01-06T09:30")), "restored beside itself at 2026-01-06T09:30"),
    ],
)  # fmt: skip
def test_what_keeps_it_from_starting_now_is_said(terms: Terms, said: str) -> None:
    item = planned("one", "cron(0 10 ? * TUE *)", database=True)
    since = Reservation(schedule=f"{item.schedule} UTC", since=at("2026-01-01T00:00"))
    found = due([item], {item.key: Known(reservation=since)}, terms, at("2026-01-06T10:00"))
    assert found.first is None
    assert said in found.stands[0].reason


def test_a_drill_heeds_no_window_but_keeps_apart_from_faults_of_the_database() -> None:
    item = planned("recovery-test", "cron(0 6 1 * ? *)", drill=True, database=True)
    since = {item.key: Known(reservation=Reservation(schedule=f"{item.schedule} UTC", since=at("2026-01-15T00:00")))}
    now = at("2026-02-01T06:10")
    assert due([item], since, Terms(allowed=False, text="never"), now).first is not None
    beside = due([item], since, Terms(allowed=True, text="", disturbed=now - timedelta(minutes=59)), now)
    assert beside.first is None
    assert "under a fault" in beside.stands[0].reason
    assert (
        due([item], since, Terms(allowed=True, text="", disturbed=now - timedelta(minutes=60)), now).first is not None
    )


def test_a_changed_schedule_has_missed_nothing() -> None:
    item = planned("one", "cron(0 10 ? * TUE *)")
    before = Reservation(schedule="cron(0 10 1 * ? *) UTC", since=at("2026-01-01T00:00"))
    known = {item.key: Known(started=at("2026-02-01T10:00"), reservation=before)}
    [stand] = due([item], known, ANY_TIME, at("2026-02-26T12:00")).stands
    assert stand.standing is Standing.NOT_YET
    assert stand.following == at("2026-03-03T10:00")


def test_one_that_ran_before_anything_was_kept_of_it_counts_from_its_run() -> None:
    item = planned("one", "cron(0 10 ? * TUE *)")
    known = {item.key: Known(started=at("2026-02-03T10:05"))}
    [stand] = due([item], known, ANY_TIME, at("2026-02-26T12:00")).stands
    assert stand.standing is Standing.DUE
    assert stand.planned == at("2026-02-24T10:00")


@pytest.mark.parametrize("item", [planned("one", "cron(0 10 * * TUE)"), planned("one", "cron(0 10 ? * TUE *)", "Mars")])
def test_what_cannot_be_read_is_told_and_never_due(item: object) -> None:
    found = due([item], {}, ANY_TIME, at("2026-02-26T12:00"))  # type: ignore[list-item]
    assert found.first is None
    assert [stand.standing for stand in found.missed] == [Standing.UNREADABLE]


def test_missed_is_what_has_not_started_for_long() -> None:
    item = planned("one", "cron(0 10 ? * TUE *)")
    since = {item.key: Known(reservation=Reservation(schedule=f"{item.schedule} UTC", since=at("2026-01-01T00:00")))}
    moment = at("2026-01-06T10:00")
    assert not due([item], since, ANY_TIME, moment + MISSED_AFTER - timedelta(seconds=1)).missed
    assert due([item], since, ANY_TIME, moment + MISSED_AFTER).missed


def test_a_freeze_makes_nothing_missed() -> None:
    """Nobody is called for what was agreed on; from its end on the time counts as from a moment."""
    item, moment = planned("one", "cron(0 10 ? * TUE *)"), at("2026-12-29T10:00")
    since = {item.key: Known(reservation=Reservation(schedule=f"{item.schedule} UTC", since=at("2026-12-01T00:00")))}
    for hours in (1, 7, 100):
        now = moment + timedelta(hours=hours)
        frozen = replace(ANY_TIME, allowed=False, text="not from 2026-12-24 to 2027-01-03", excused=now)
        found = due([item], since, frozen, now)
        assert ([stand.standing for stand in found.stands], found.missed) == ([Standing.WAITS], ())
    thawed, end = replace(ANY_TIME, excused=at("2027-01-04T00:00")), at("2027-01-04T00:00")
    assert not due([item], since, thawed, end + MISSED_AFTER - timedelta(seconds=1)).missed
    assert due([item], since, thawed, end + MISSED_AFTER).missed
    # An older freeze excuses nothing of a moment after it, nor does one that of a drill.
    older = replace(ANY_TIME, excused=at("2026-12-20T00:00"))
    assert due([item], since, older, moment + MISSED_AFTER).missed
    drill = replace(item, kind=PlannedKind.DRILL)
    known = {drill.key: since[item.key]}
    assert due([drill], known, replace(ANY_TIME, excused=moment + MISSED_AFTER), moment + MISSED_AFTER).missed


SCHEDULES = st.sampled_from(
    ["cron(0 10 ? * TUE *)", "cron(30 1 * * ? *)", "rate(3 days)", "rate(7 hours)", "at(2026-02-03T10:00:00)"]
)


@given(
    schedules=st.lists(SCHEDULES, min_size=1, max_size=4),
    wakes=st.lists(st.integers(0, 60 * 24 * 60), min_size=1, max_size=60),
    refused=st.sets(st.integers(0, 60 * 24), max_size=200),
)
@settings(max_examples=60, deadline=None)
def test_whenever_it_wakes_no_moment_is_started_twice(
    schedules: list[str], wakes: list[int], refused: set[int]
) -> None:
    items = [planned(f"e{number}", schedule, "Europe/Lisbon") for number, schedule in enumerate(schedules)]
    hours = {FIRST + timedelta(hours=hour) for hour in refused}
    pipeline = Pipeline(items, refuse=lambda key, now: now.replace(minute=0) in hours)
    begun: dict[tuple[str, datetime | None], int] = {}
    tried: dict[tuple[str, datetime | None], int] = {}
    for minutes in sorted(wakes):
        now = FIRST + timedelta(minutes=minutes)
        assert now < LAST
        before = len(pipeline.starts)
        first = pipeline.wake(now).first
        if first is not None:
            moment = (first.item.key, first.planned)
            tried[moment] = tried.get(moment, 0) + 1
            begun[moment] = begun.get(moment, 0) + len(pipeline.starts) - before
        assert len(pipeline.starts) - before <= 1
    assert all(count <= 1 for count in begun.values())
    assert all(count <= 2 for count in tried.values())
