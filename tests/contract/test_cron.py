from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.cron import At, Cron, CronError, Rate, field_values, read_schedule

TODAY = date(2026, 11, 25)


def cron(fields: str) -> Cron:
    found = read_schedule(f"cron({fields})", TODAY)
    assert isinstance(found, Cron)
    return found


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("", "is not valid"),
        ("every monday", "accepted are rate"),
        ("rate(1 week)", "is not valid"),
        ("rate(90 seconds)", "is not valid"),
        ("rate(0 days)", "1 or more"),
        ("rate(0 minutes)", "1 or more"),
        ("rate(01 hours)", "is not valid"),
        ("rate(1 days)", "AWS wants `1 day`"),
        ("rate(5 minute)", "`minutes` from two on"),
        ("CRON(0 10 ? * MON *)", "is not valid"),
        ("cron(0 3 * * ?)", "5 fields"),
        ("cron(0 3 1 * MON *)", "one must be [?]"),
        ("cron(0 10 * * * *)", "one must be [?]"),
        ("cron(0 5 * * SUN *)", "one must be [?]"),
        ("cron(0 10 ? * ? *)", "one of the two days must be given"),
        ("cron(? 10 1 * ? *)", "[?] stands for a day only"),
        ("cron(0 10 1,? * ? *)", "no part of a cron"),
        ("cron(60 3 * * ? *)", "'60' is not between 0 and 59"),
        ("cron(0 24 * * ? *)", "'24' is not between 0 and 23"),
        ("cron(0 10 0 * ? *)", "'0' is not between 1 and 31"),
        ("cron(0 3 ? * 0 *)", "'0' is not between 1 and 7"),
        ("cron(0 3 ? * 8 *)", "'8' is not between 1 and 7"),
        ("cron(0 3 ? * FOO *)", "'FOO' is not between"),
        ("cron(0 3 32W * ? *)", "'32' is not between"),
        ("cron(0 10 W * ? *)", "'W' is not between"),
        ("cron(0 10 1W,15W * ? *)", "is not between"),
        ("cron(0 10 1-5W * ? *)", "is not between"),
        ("cron(0 10 L-3 * ? *)", "is not between"),
        ("cron(0 10 1,L * ? *)", "is not between"),
        ("cron(0 10 ? * MON#1,WED#3 *)", "no part of a cron"),
        ("cron(0 10 ? * TUE#6 *)", "no part of a cron"),
        ("cron(0 10 ? * 8L *)", "'8' is not between 1 and 7"),
        ("cron(0 10 ? * 0L *)", "'0' is not between 1 and 7"),
        ("cron(0 10 ? * 8#1 *)", "'8' is not between 1 and 7"),
        ("cron(0 3 ? * \u00b2#1 *)", "no part of a cron"),
        ("cron(0/0 3 * * ? *)", "'0' is not between 1 and 59"),
        ("cron(0/ 3 * * ? *)", "no part of a cron"),
        ("cron(*-5 10 * * ? *)", "no part of a cron"),
        ("cron(0, 10 * * ? *)", "no part of a cron"),
        ("cron(0 10 31 2 ? *)", "no day that exists"),
        ("cron(0 10 31 APR,JUN ? *)", "no day that exists"),
        ("cron(0 10 29 2 ? 2027)", "no day that exists"),
        ("cron(0 10 1 1 ? 2020)", "all of its years are over"),
        ("cron(0 10 1 1 ? 2026)", "would never run"),
        ("cron(0 10 1 1 ? 2300)", "'2300' is not between"),
        ("cron(0 10 1 1 ? abc)", "'ABC' is not between"),
        ("at(tomorrow)", "is not valid"),
        ("at(2026-12-01)", "is not valid"),
        ("at(2026-13-45T99:00)", "accepted are"),
    ],
)
def test_what_aws_refuses_or_never_runs(expression: str, said: str) -> None:
    with pytest.raises(CronError, match=said):
        read_schedule(expression, TODAY)


def test_the_good_ones_beside_them() -> None:
    assert read_schedule("rate(1 day)") == Rate(1, "day")
    assert read_schedule("rate(5 minutes)") == Rate(5, "minute")
    assert isinstance(read_schedule("at(2026-12-01T10:00:00)"), At)
    assert isinstance(read_schedule("at(2026-12-01T10:00)"), At)
    assert cron("0 10 29 2 ? *").runs_on(date(2028, 2, 29))
    assert cron("0 10 ? * FRI-MON *").weekdays == frozenset({6, 7, 1, 2})
    assert cron("0 10 ? * * *").runs_on(TODAY)
    assert cron("0 10 1 12 ? 2026").runs_on(date(2026, 12, 1))


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ("0 3 L * ? *", [date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31)]),
        # The 31st of January 2027 is a Sunday: the Friday before is the last working day.
        ("0 3 LW * ? *", [date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 29)]),
        ("0 3 2W * ? *", [date(2026, 12, 2), date(2027, 1, 1), date(2027, 2, 2)]),
        ("0 3 1W 8 ? *", [date(2027, 8, 2), date(2028, 8, 1), date(2029, 8, 1)]),
        # The first is a Saturday in 2027: the Monday after it, as no day of another month counts.
        ("0 3 1W 5 ? *", [date(2027, 5, 3), date(2028, 5, 1), date(2029, 5, 1)]),
        ("0 3 31W 5 ? *", [date(2027, 5, 31), date(2028, 5, 31), date(2029, 5, 31)]),
        ("0 3 ? * 2#1 *", [date(2026, 12, 7), date(2027, 1, 4), date(2027, 2, 1)]),
        ("0 3 ? * FRIL *", [date(2026, 11, 27), date(2026, 12, 25), date(2027, 1, 29)]),
        ("0 3 ? * L *", [date(2026, 11, 28), date(2026, 12, 5), date(2026, 12, 12)]),
        ("0 3 31 * ? *", [date(2026, 12, 31), date(2027, 1, 31), date(2027, 3, 31)]),
    ],
)
def test_the_days_on_which_it_runs(fields: str, days: list[date]) -> None:
    found = cron(fields).dates(TODAY)
    assert [next(found) for _ in days] == days


@pytest.mark.parametrize(
    ("expression", "minutes", "days"),
    [
        ("cron(0 5 ? * SUN *)", 1440, 7),
        ("cron(0 5 1 * ? *)", 1440, 31),
        ("cron(0/15 * * * ? *)", 15, 1),
        ("cron(30 0,23 * * ? *)", 60, 1),
        ("rate(15 minutes)", 15, 1),
        ("rate(3 hours)", 180, 1),
        ("rate(2 days)", 2880, 2),
        ("cron(0 6 1 1 ? *)", 1440, 366),
    ],
)
def test_how_close_and_how_far_apart(expression: str, minutes: int, days: int) -> None:
    found = read_schedule(expression, TODAY)
    assert not isinstance(found, At)
    assert found.shortest_gap() == minutes
    assert found.longest_gap(TODAY) <= timedelta(days=days)
    assert found.longest_gap(TODAY) > timedelta(days=days - 1)


@given(st.from_regex(r"(rate|cron|at)\([-0-9*?/,LW# A-Z]{0,20}\)"))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = read_schedule(text, TODAY)
    except CronError:
        return
    assert isinstance(found, Rate | At) or next(found.dates(TODAY), None) is not None


@pytest.mark.parametrize("field", ["?", "1/2", "0-9/3", "5-1"])
def test_mute_rules_have_plainer_fields(field: str) -> None:
    with pytest.raises(CronError):
        field_values(field, 0, 59, plain=True)
    assert field_values("1,3-5", 0, 59, plain=True) == {1, 3, 4, 5}
