"""Eight rehearsed weeks: a regression is found, named and dated; without one little is said, and never too often."""

from __future__ import annotations

import pytest

from runners.analysis.eight_weeks.page import PAGE, SEEDS, page
from runners.analysis.eight_weeks.trial import analysed, changed, dated, false_changes, found_changes, looks, named
from runners.analysis.eight_weeks.weeks import SLOWED, Regression, Weeks
from runners.analysis.levels import LEVEL

TRIPLED = Regression(times=3.0)


def test_the_same_seed_gives_the_same_weeks() -> None:
    weeks = Weeks(4)
    assert [*weeks.documents()] == [*Weeks(4).documents()] == [*weeks.documents()]
    assert [*Weeks(4).documents()] != [*Weeks(5).documents()]


def test_a_regression_of_week_five_is_found_named_and_dated_at_the_end_of_week_five() -> None:
    fifth, sixth, eighth = looks(Weeks(1, TRIPLED), (5, 6, 8))
    for found in (fifth, sixth, eighth):
        assert (named(found), dated(found, TRIPLED)) == (True, True)
    [advice] = [held for held in fifth.recommendations if held.rule == "worse-measure"]
    assert advice.title.startswith(f"{SLOWED}: recovery in seconds became worse since {TRIPLED.day}, with shop-web:")
    assert "week of 2026-10-26 is worse than the 4 weeks before: from 160 to " in advice.observed
    assert not named(analysed(Weeks(1), 5))


def test_few_weeks_that_do_not_change_are_said_to() -> None:
    # Of six stacks in eight looks each, one that is told falsely is bad luck; two are a broken level (p = 0.03).
    assert false_changes(range(6)).together.held < 2


def test_no_goal_of_95_percent_is_met_by_eight_weeks_of_runs() -> None:
    success = next(held for held in analysed(Weeks(1)).kpis if held.name == "chaos-success")
    assert (success.answer, success.needed) in (("not-enough-runs", 73), ("not-enough-runs", success.needed))
    assert success.count < 73


@pytest.mark.rare
@pytest.mark.parametrize("deployments", [3, 5])
def test_over_200_seeds_false_changes_of_all_eight_looks_are_at_most_as_often_as_stated(deployments: int) -> None:
    found = false_changes(SEEDS, deployments)
    print(f"false changes by week: {found.by_week}; together: {found.together}")
    assert found.together.value <= LEVEL


@pytest.mark.rare
@pytest.mark.parametrize(("deployments", "within", "later"), [(3, 0.6, 0.9), (5, 0.8, 0.95)])
def test_over_200_seeds_a_regression_is_mostly_dated_within_its_week(
    deployments: int, within: float, later: float
) -> None:
    found = found_changes(SEEDS, TRIPLED, (5, 6, 7, 8), deployments)
    print(f"named: {found.named}; dated within a week: {found.dated}; at any look: {found.together}")
    assert found.dated[5].value >= within
    assert found.together.value >= later


@pytest.mark.rare
def test_the_page_is_what_the_command_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make eight-weeks`"


def test_the_page_names_what_it_is_made_of() -> None:
    told = page(seeds=range(30_000, 30_001))
    assert told.splitlines()[0] == PAGE.read_text(encoding="utf-8").splitlines()[0]
    assert "over 1 seeds (30000 to 30000)" in told
    assert changed(analysed(Weeks(1))) == ("worse" in told.split("## With")[0])
