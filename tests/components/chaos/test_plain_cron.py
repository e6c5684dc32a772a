"""AWS's crons in the words of mute rules; the runners' reader of mute rules is the second opinion."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.chaos.plain_cron import CronError, PlainCron
from runners.chaos.before.mute_rule import MuteRule


@pytest.mark.parametrize(
    ("schedule", "expression"),
    [
        ("cron(0 10 ? * TUE *)", "cron(0 10 * * TUE)"),
        ("cron(0 10 ? * 3 *)", "cron(0 10 * * TUE)"),
        ("cron(0 10 ? * 1 *)", "cron(0 10 * * SUN)"),
        ("cron(0 10 1 * ? *)", "cron(0 10 1 * *)"),
        ("cron(0 10 8,22 * ? *)", "cron(0 10 8,22 * *)"),
        ("cron(30 22 ? * MON-FRI *)", "cron(30 22 * * MON,TUE,WED,THU,FRI)"),
        ("cron(0 9 ? * FRI-MON *)", "cron(0 9 * * SUN,MON,FRI,SAT)"),
        ("cron(0 0/8 * * ? *)", "cron(0 0,8,16 * * *)"),
        ("cron(0 2 ? jan,Jul-AUG sat *)", "cron(0 2 * 1,7,8 SAT)"),
        ("cron(5 10 1-31 1/1 ? *)", "cron(5 10 * * *)"),
        ("cron(5 10 */10 * ? *)", "cron(5 10 1,11,21,31 * *)"),
    ],
)
def test_the_same_times_in_a_mute_rules_words(schedule: str, expression: str) -> None:
    assert PlainCron.read(schedule).expression() == expression


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        ("rate(14 days)", "a rate has none"),
        ("cron(0 10 ? * TUE 2199)", "knows no years"),
        ("cron(0 10 L * ? *)", "knows no L, W or #"),
        ("cron(0 10 15W * ? *)", "knows no L, W or #"),
        ("cron(0 10 ? * 2#1 *)", "knows no L, W or #"),
        ("cron(0 10 ? * 6L *)", "knows no L, W or #"),
        ("cron(0 10 * * TUE)", "it has 5 fields"),
    ],
)
def test_what_a_mute_rule_cannot_say(schedule: str, said: str) -> None:
    with pytest.raises(CronError) as refused:
        PlainCron.read(schedule)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("schedule", "minutes"),
    [
        ("cron(0 10 ? * TUE *)", 1440),
        ("cron(0 10,12 ? * TUE *)", 120),
        ("cron(0 0,23 ? * TUE *)", 60),
        ("cron(0,45 10 ? * TUE *)", 45),
        ("cron(* * ? * TUE *)", 1),
    ],
)
def test_how_close_starts_are(schedule: str, minutes: int) -> None:
    assert PlainCron.read(schedule).shortest_gap() == minutes


def _field(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    span = st.tuples(number, number).map(lambda ends: f"{min(ends)}-{max(ends)}")
    step = st.tuples(number, st.integers(1, high)).map(lambda part: f"{part[0]}/{part[1]}")
    return st.lists(number.map(str) | span | step, min_size=1, max_size=3).map(",".join) | st.just("*")


_BY_DAY = st.tuples(_field(1, 31), st.just("?"))
_BY_WEEKDAY = st.tuples(st.just("?"), _field(1, 7))


@given(_field(0, 59), _field(0, 23), _BY_DAY | _BY_WEEKDAY, _field(1, 12))
def test_mute_rules_begin_when_the_schedule_does(minute: str, hour: str, days: tuple[str, str], month: str) -> None:
    """Read back by the runners' reader of mute rules, day by day and minute by minute."""
    schedule = f"cron({minute} {hour} {days[0]} {month} {days[1]} *)"
    try:
        plain = PlainCron.read(schedule)
    except CronError:
        # The 31st of months that have none.
        assert days[1] == "?"
        return
    rule = MuteRule.read(("x",), plain.expression(), "PT1M", "UTC")
    first = date(2027, 1, 1)
    for day in (first + timedelta(days=ahead) for ahead in range(0, 366, 5)):
        begins = day.day in rule.days and day.month in rule.months and day.isoweekday() % 7 in rule.weekdays
        assert begins == plain.cron.runs_on(day)
    assert (rule.minutes, rule.hours) == (plain.cron.minutes, plain.cron.hours)


@given(_field(0, 59), _field(0, 23))
def test_no_two_starts_are_closer_than_the_gap(minute: str, hour: str) -> None:
    cron = PlainCron.read(f"cron({minute} {hour} * * ? *)")
    starts = sorted(day * 1440 + h * 60 + m for day in range(2) for h in cron.cron.hours for m in cron.cron.minutes)
    assert min(later - earlier for earlier, later in pairwise(starts)) == cron.shortest_gap()
