from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.schedule import ScheduleError, runs_per_month

YEAR = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]


def runs(expression: str) -> Decimal:
    return runs_per_month(expression, date(2026, 1, 1)).quantize(Decimal("0.0001"))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("rate(1 minute)", "43800"),
        ("rate(5 minutes)", "8760"),
        ("rate(1 hour)", "730"),
        ("rate(1 day)", "30.4167"),  # 365 / 12
        ("rate(7 days)", "4.3333"),  # weekly: 52 / 12
        ("rate(14 days)", "2.1667"),  # fortnightly: 26 / 12
        ("rate(10 days)", "3.0417"),  # 365 / 12 / 10
        ("at(2026-12-24T18:00:00)", "1"),
        ("cron(0 3 * * ? *)", "30.4167"),
        ("cron(0 3 ? * MON *)", "4.3333"),
        ("cron(0 3 ? * MON-FRI *)", "21.6667"),  # 5 x 52 / 12
        ("cron(0 3 ? * 2,4 2026)", "8.6667"),
        ("cron(0 3 ? * FRI-MON *)", "17.3333"),  # Friday, Saturday, Sunday, Monday
        ("cron(0 3 ? * MON#1 *)", "1"),
        ("cron(0 3 ? * 2#5 *)", "0.3333"),  # 52 - 4 x 12 = 4 fifth Mondays a year
        ("cron(0 3 ? * 6L *)", "1"),
        ("cron(0 3 1 * ? *)", "1"),
        ("cron(0 3 1,15 * ? *)", "2"),
        ("cron(0 3 31 * ? *)", "0.5833"),  # 7 months have a 31st
        ("cron(0 3 L * ? *)", "1"),
        ("cron(0 3 15W * ? *)", "1"),
        ("cron(0 3 1 1/3 ? *)", "0.3333"),  # January, April, July, October
        ("cron(0 3 1 JAN,JUL ? *)", "0.1667"),
        ("cron(0/15 * * * ? *)", "2920"),  # 4 x 24 x 365 / 12
        ("cron(0 8-18/2 ? * MON *)", "26"),  # 6 x 52 / 12
        ("cron(0 0 ? JAN MON *)", "0.3611"),  # 52 / 12 / 12
        (" cron( 0 3 * * ? * ) ", "30.4167"),
    ],
)
def test_hand_worked_schedules(expression: str, expected: str) -> None:
    assert runs(expression) == Decimal(expected).quantize(Decimal("0.0001"))


@pytest.mark.parametrize("expression", ["", "rate(1 days)", "cron(0 3 * * * *)", "at(tomorrow)"])
def test_what_aws_refuses_has_no_price(expression: str) -> None:
    with pytest.raises(ScheduleError, match="schedule"):
        runs_per_month(expression)


def test_a_year_that_is_over_has_no_price() -> None:
    assert runs_per_month("cron(0 3 1 * ? 2026)", date(2026, 11, 30)) == 1
    with pytest.raises(ScheduleError, match="never run"):
        runs_per_month("cron(0 3 1 * ? 2026)", date(2027, 1, 1))


@given(st.integers(2, 300), st.sampled_from(["minute", "hour", "day"]))
def test_a_slower_rate_never_runs_more_often(every: int, unit: str) -> None:
    now, later = runs_per_month(f"rate({every} {unit}s)"), runs_per_month(f"rate({every + 1} {unit}s)")
    assert 0 < later < now


@given(
    st.sets(st.integers(0, 59), min_size=1), st.sets(st.integers(0, 23), min_size=1),
    st.sets(st.integers(1, 31), min_size=1), st.sets(st.integers(1, 12), min_size=1),
)  # fmt: skip
def test_days_of_the_month_are_counted_exactly(
    minutes: set[int], hours: set[int], days: set[int], months: set[int]
) -> None:
    def text(values: set[int]) -> str:
        return ",".join(map(str, sorted(values)))

    expression = f"cron({text(minutes)} {text(hours)} {text(days)} {text(months)} ? *)"
    dates = sum(day.day in days and day.month in months for day in YEAR)
    if not dates:
        # The 29th of February counts as if it came each year; the others never come.
        if not (29 in days and 2 in months):
            with pytest.raises(ScheduleError, match="never run"):
                runs_per_month(expression)
            return
        dates = 1
    expected = Fraction(dates * len(minutes) * len(hours), 12)
    assert runs_per_month(expression) == Decimal(expected.numerator) / Decimal(expected.denominator)


@given(st.sets(st.integers(1, 7), min_size=1))
def test_days_of_the_week_match_a_year_within_its_one_spare_day(weekdays: set[int]) -> None:
    expression = f"cron(0 3 ? * {','.join(map(str, sorted(weekdays)))} *)"
    in_a_year = sum(day.isoweekday() % 7 + 1 in weekdays for day in YEAR)
    assert in_a_year - round(runs_per_month(expression) * 12, 9) in (0, 1)


@given(st.integers(0, 59), st.integers(0, 59), st.integers(1, 59))
def test_ranges_and_steps_stay_within_the_field(first: int, last: int, step: int) -> None:
    hourly = runs_per_month(f"cron({first}-{last}/{step} * * * ? *)") / runs_per_month("cron(0 * * * ? *)")
    assert 1 <= hourly <= 60


@given(st.from_regex(r"(rate|cron|at)\([-0-9*?/,LW# A-Z]{0,20}\)"))
def test_any_text_is_counted_or_refused(text: str) -> None:
    try:
        runs = runs_per_month(text)
    except ScheduleError:
        return
    assert runs > 0
