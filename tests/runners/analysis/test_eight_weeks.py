"""Eight rehearsed weeks: a regression is found, named and dated; without one little is said, and never too often."""

from __future__ import annotations

import pytest

from runners.analysis.eight_weeks.page import PAGE, page
from runners.analysis.eight_weeks.trial import analysed, changed, dated, false_changes, found_and_dated, named
from runners.analysis.eight_weeks.weeks import SLOWED, Regression, Weeks
from runners.analysis.trends import LEVEL

TRIPLED = Regression(times=3.0)


def test_the_same_seed_gives_the_same_weeks() -> None:
    weeks = Weeks(4)
    assert [*weeks.documents()] == [*Weeks(4).documents()] == [*weeks.documents()]
    assert [*Weeks(4).documents()] != [*Weeks(5).documents()]


def test_a_regression_of_week_five_is_found_named_and_dated_within_a_week() -> None:
    found = analysed(Weeks(1, TRIPLED))
    assert (named(found), dated(found, TRIPLED)) == (True, True)
    [first, *_] = found.recommendations
    assert first.title.startswith(f"{SLOWED}: recovery in seconds became worse since 2026-")
    assert not named(analysed(Weeks(1)))


def test_few_weeks_that_do_not_change_are_said_to() -> None:
    # Of ten seeds one false change is bad luck; three are a broken level (p = 0.01).
    assert false_changes(range(10)).held < 3


def test_no_goal_of_95_percent_is_met_by_eight_weeks_of_runs() -> None:
    success = next(held for held in analysed(Weeks(1)).kpis if held.name == "chaos-success")
    assert (success.answer, success.needed) in (("not-enough-runs", 73), ("not-enough-runs", success.needed))
    assert success.count < 73


@pytest.mark.rare
def test_over_200_seeds_false_changes_are_at_most_as_often_as_stated() -> None:
    found = false_changes(range(200))
    print(f"false changes: {found}")
    assert found.value <= LEVEL


@pytest.mark.rare
def test_over_200_seeds_a_regression_is_mostly_found_and_dated() -> None:
    found, with_date = found_and_dated(range(200), TRIPLED)
    print(f"found: {found}; dated within a week: {with_date}")
    assert found.value >= 0.95
    assert with_date.value >= 0.9


@pytest.mark.rare
def test_the_page_is_what_the_command_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make eight-weeks`"


def test_the_page_names_what_it_is_made_of() -> None:
    told = page(seeds=1)
    assert told.splitlines()[0] == PAGE.read_text(encoding="utf-8").splitlines()[0]
    assert "Over 1 seeds" in told
    assert changed(analysed(Weeks(1))) == ("worse" in told.split("## With")[0])
