"""Whether the newest weeks are worse: what is asked, what is told, and how seldom chance is."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from math import inf
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import to_builtins

from runners.analysis.levels import LEVEL, SHARES, level_of_question, level_of_search
from runners.analysis.series import DETECTION, DRILL, RECOVERY, WORTH, Day, Followed
from runners.analysis.trends import trends
from runners.analysis.weekly import Look, weekly
from runners.analysis.weekly_model import Weekly
from tests.runners.analysis.records_for_tests import broken
from tests.runners.analysis.test_analysis import analysed

MONDAY = date(2026, 9, 28)
FAST = [100.0, 110, 120]


def followed(
    weeks: Sequence[Sequence[float]],
    measure: str = RECOVERY,
    of: str = "network-latency",
    *,
    threshold: float = 30,
    revisions: Sequence[str | None] = (None,) * 7,
) -> Followed:
    """The values of weeks, from each Tuesday on."""
    held = Followed(measure, of, "less", threshold)
    for week, values in enumerate(weeks):
        for number, value in enumerate(values):
            day = Day(revision=revisions[number])
            day.values.append(value)
            held.days[f"{MONDAY + timedelta(weeks=week, days=number + 1):%Y%m%d}"] = day
    return held


def after(weeks: int) -> Look:
    """A look at the end of so many weeks of a new stack."""
    return Look(MONDAY, MONDAY + timedelta(weeks=weeks), MONDAY)


def asked(weeks: Sequence[Sequence[float]], **changes: object) -> Weekly:
    [found] = weekly([followed(weeks, **changes)], after(len(weeks)))  # type: ignore[arg-type]
    assert found is not None
    return found


def spread(number: int) -> list[float]:
    return [100.0 + number, 110.0 + number, 120.0 + number]


FOUR = [spread(number) for number in range(4)]


def test_three_runs_that_are_slower_than_all_before_are_told_at_the_end_of_their_week() -> None:
    found = asked([*FOUR, [300, 310, 320]])
    assert (found.answer, found.weeks, found.weeks_before, found.count, found.count_before) == ("worse", 1, 4, 3, 12)
    assert (found.week, found.since) == ("2026-10-26", "2026-10-27")
    assert (found.before, found.after) == (111.5, 310)
    assert found.p == pytest.approx(1 / 455)
    assert found.q == pytest.approx(LEVEL / 455 / level_of_question(1, 4))
    assert found.said == (
        "week of 2026-10-26 is worse than the 4 weeks before: from 112 to 310 (3 days against 12, p = 0.0022)"
    )
    [trend] = trends([followed([*FOUR, [300, 310, 320]])], after(5))
    assert (trend.kind, trend.verdict, trend.changed_on) == ("step", "worse", "2026-10-27")
    assert (trend.p, trend.q, trend.weekly) == (found.p, found.q, found)
    assert trend.said == f"network-latency: recovery in seconds: {found.said}"


@pytest.mark.parametrize(
    ("weeks", "said"),
    [
        ([*FOUR[:3], [300, 310, 320]], "not enough yet, 3 of 4 whole weeks before the week of 2026-10-19"),
        ([*FOUR, [300]], "not enough yet, 1 of 2 days in the week of 2026-10-26"),
        ([*FOUR, []], "not enough yet, 0 of 2 days in the week of 2026-10-26"),
        ([[100], [], [], [], [300, 310, 320]], "not enough yet before the week of 2026-10-26: 1 day"),
        ([[100] * 3] * 3 + [[100, 300, 300]] + [[300] * 3], "too many days of or before the week of 2026-10-26"),
        ([[100] * 3] * 5, "too many days of or before"),
    ],
)
def test_what_cannot_be_told_is_not_enough_yet(weeks: list[list[float]], said: str) -> None:
    found = asked(weeks)
    assert (found.answer, found.p, found.q) == ("not-enough", None, None)
    assert said in found.said


@pytest.mark.parametrize(
    "newest",
    [
        [10, 11, 12],  # Better.
        [124, 125, 126],  # Worse, by less than what matters.
        [300, 310, 105],  # One is as before.
    ],
)
def test_what_is_better_small_or_chance_is_not_told(newest: list[float]) -> None:
    assert asked([*FOUR, newest]).answer == "not-shown"


def test_what_no_longer_comes_about_is_worse_and_what_never_did_is_not() -> None:
    found = asked([*FOUR, [inf, inf, inf]])
    assert (found.answer, found.after) == ("worse", None)
    assert "from 112 to not at all" in found.said
    assert asked([[inf, inf, 100]] * 4 + [[inf] * 5]).answer != "worse"


def test_a_change_within_the_week_is_told_from_its_day_on() -> None:
    five = [[100.0 + number + 3 * week for number in range(0, 50, 10)] for week in range(4)]
    found = asked([*five, [101, 103, 300, 310, 320]])
    assert (found.answer, found.since, found.count, found.count_before) == ("worse", "2026-10-29", 3, 22)
    assert found.said.startswith("week of 2026-10-26 from 2026-10-29 on is worse than the 4 weeks before: from 1")
    # Where nothing was deployed within the week, no day of it is looked for.
    same = asked([*five, [101, 103, 300, 310, 320]], revisions=["shop:1"] * 5)
    assert (same.answer, same.count) == ("not-shown", 5)
    deployed = asked([*five, [101, 103, 300, 310, 320]], revisions=["shop:1", "shop:1", "shop:2", "shop:2", "shop:2"])
    assert (deployed.answer, deployed.since) == ("worse", "2026-10-29")
    # Fewer days that are looked for leave more of the level to each.
    assert (deployed.q or 1) < (found.q or 0)


def test_several_weeks_that_are_worse_are_told_together() -> None:
    found = asked([*FOUR, [300, 310, 320], [305, 315, 325]])
    assert (found.answer, found.weeks, found.since, found.count) == ("worse", 2, "2026-10-27", 6)
    assert "2 weeks from 2026-10-26 on are worse than the 4 weeks before" in found.said
    # The sixth week alone is worse too, by three days: six show more.
    [both] = weekly([followed([*FOUR, [200, 210, 220], [300, 310, 320]])], after(6))
    assert both is not None
    assert (both.answer, both.weeks) == ("worse", 2)


def test_what_one_week_cannot_spend_goes_to_two() -> None:
    weeks = [*FOUR, [300.0, 310, 320], [305.0, 315, 325]]
    found = asked(weeks)
    assert (found.answer, found.weeks) == ("worse", 2)
    # Of three values above fifteen and a p of 4/816 there is no step up to the level of the sixth week.
    level = level_of_question(2, 4) + level_of_question(1, 5) - 4 / 816
    assert found.q == pytest.approx(LEVEL / 18564 / level)


def test_the_week_in_progress_is_not_looked_at() -> None:
    weeks = [*FOUR, [100.0, 300, 320], [400.0, 410, 420]]
    assert weekly([followed(weeks)], after(5)) == weekly([followed(weeks[:5])], after(5))


def test_what_is_searched_for_has_a_part_of_the_level_of_each_look() -> None:
    rising = followed([[100.0, 200], [300.0, 400], [500.0, 600]], WORTH)
    [searched], [known] = trends([rising], after(3)), trends([rising], after(3), date(2020, 1, 1))
    assert searched.p == known.p == pytest.approx(2 / 720)
    assert known.q == pytest.approx(2 / 720)
    assert searched.q == pytest.approx(2 / 720 * LEVEL / level_of_search())
    assert (searched.verdict, known.verdict) == (None, "worse" if known.better == "less" else "better")


def test_durations_alone_are_asked_of() -> None:
    weeks = [*FOUR, [300.0, 310, 320]]
    series = [followed(weeks, measure) for measure in (WORTH, RECOVERY, DETECTION, DRILL)]
    assert [held is None for held in weekly(series, after(5))] == [True, False, False, False]


def test_a_change_that_is_known_is_asked_of_instead_and_once() -> None:
    weeks = [*FOUR, [300.0, 310, 320]]
    [known] = trends([followed(weeks)], after(5), date(2026, 10, 27))
    assert (known.weekly, known.kind, known.verdict) == (None, "step", "worse")
    # Two-sided, and of the whole level: corrected for Kendall's test beside it alone.
    assert known.p == pytest.approx(2 / 455)
    assert known.q is not None
    assert 2 / 455 <= known.q <= 4 / 455


@pytest.mark.parametrize(
    ("now", "since", "oldest", "start", "end"),
    [
        # A new stack: its first week is whole, as nothing is known of before.
        ("2026-11-02", "2026-09-07", "20260930-090000-0000", "2026-09-28", "2026-11-02"),
        # On each day of a week the same is looked at.
        ("2026-11-02T09:00", "2026-09-07T09:00", "20260101-090000-0000", "2026-09-14", "2026-11-02"),
        ("2026-11-08T23:59", "2026-09-13T23:59", "20260101-090000-0000", "2026-09-14", "2026-11-02"),
        # From a Monday on nothing of its week is left out.
        ("2026-11-02", "2026-09-07", "20260101-090000-0000", "2026-09-07", "2026-11-02"),
        # The oldest run is of the week in which one begins to count, but was left out.
        ("2026-11-02", "2026-09-09", "20260908-090000-0000", "2026-09-14", "2026-11-02"),
        ("2026-11-02", "2026-09-09", "20260910-090000-0000", "2026-09-07", "2026-11-02"),
    ],
)
def test_whole_weeks_are_looked_at(now: str, since: str, oldest: str, start: str, end: str) -> None:
    found = Look.at(moment(now), moment(since), oldest)
    assert (found.start.isoformat(), found.end.isoformat()) == (start, end)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_an_old_stack_has_no_young_stacks_level_whatever_since_is() -> None:
    weeks = [*FOUR, [300.0, 310, 320]]
    old = Look(MONDAY, MONDAY + timedelta(weeks=5), MONDAY - timedelta(weeks=30))
    [young_one], [old_one] = weekly([followed(weeks)], after(5)), weekly([followed(weeks)], old)
    assert young_one is not None
    assert old_one is not None
    assert young_one.p == old_one.p
    assert old_one.q == pytest.approx(LEVEL / 455 / (SHARES[1] / 8))


def test_runs_from_before_since_tell_how_old_a_stack_is() -> None:
    slow = [broken(number, recovered=260.0) for number in range(6, 13)]
    runs = [*slow, *(broken(number, recovered=100.0 + number % 7) for number in range(13, 50))]
    found = [
        next(held.weekly for held in analysed(*runs, *more).trends if held.measure == RECOVERY)
        for more in ((), (broken(200),))
    ]
    assert [held and held.answer for held in found] == ["worse", "worse"]
    assert found[0] is not None
    assert found[1] is not None
    assert (found[0].q or 0) < (found[1].q or 0)


VALUES = st.lists(st.sampled_from([100.0, 110, 120, 130, 400, inf]), min_size=0, max_size=3)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(VALUES, min_size=6, max_size=6), min_size=1, max_size=4), st.randoms())
def test_neither_the_order_of_series_nor_that_of_days_matters(weeks: list[list[list[float]]], chance: Random) -> None:
    series = [followed(held, of=f"x{number}") for number, held in enumerate(weeks)]
    told = {held.of: found for held, found in zip(series, weekly(series, after(6)), strict=True)}
    for held in series:
        days = list(held.days.items())
        chance.shuffle(days)
        held.days = dict(days)
    chance.shuffle(series)
    again = {held.of: found for held, found in zip(series, weekly(series, after(6)), strict=True)}
    assert to_builtins(told) == to_builtins(again)


@settings(max_examples=25, deadline=None)
@given(st.lists(VALUES, min_size=5, max_size=8))
def test_what_is_told_is_worse_and_within_its_level(weeks: list[list[float]]) -> None:
    found = asked(weeks, threshold=50)
    if found.answer == "worse":
        assert found.q is not None
        assert found.q <= LEVEL
        assert found.after is None or (found.before is not None and found.after - found.before > 50)
    assert (found.p is None) == (found.answer == "not-enough")


def test_of_all_that_three_of_fifteen_can_be_no_more_are_told_than_the_level_allows() -> None:
    told = 0
    for chosen in itertools.combinations(range(15), 3):
        others = [100.0 + value for value in range(15) if value not in chosen]
        weeks = [others[:3], others[3:6], others[6:9], others[9:], [100.0 + value for value in chosen]]
        told += asked(weeks, threshold=0).answer == "worse"
    # Four of 455 are 0.9 %; the next have the same sum of ranks, and would be seven.
    assert (told / 455 <= level_of_question(1, 4), told) == (True, 4)


def told_falsely(
    stacks: int, experiments: int, looks: Sequence[int], seed: int, revision: str | None = None, days: int = 5
) -> int:
    """Of so many stacks that do not change, those of which any look at the end of a week says that they are worse."""
    chance, found = Random(seed), 0
    for _ in range(stacks):
        stack = [[[one_run(chance) for _ in range(days)] for _ in range(8)] for _ in range(experiments)]
        found += any(
            held is not None and held.answer == "worse"
            for week in looks
            for held in weekly(
                [
                    followed(weeks[:week], of=str(at), threshold=0, revisions=[revision] * days)
                    for at, weeks in enumerate(stack)
                ],
                after(week),
            )
        )
    return found


def one_run(chance: Random) -> float:
    return chance.lognormvariate(5, 0.3) * chance.choice([1] * 19 + [3])


def test_a_look_at_many_measures_is_seldom_wrong() -> None:
    # 1.3 % of 80 are 1; more than 4 have a chance of 0.4 %. Where measures do not share the level there are 10.
    found = told_falsely(stacks=80, experiments=10, looks=[5], seed=11, revision="shop:1")
    assert found <= 4


@pytest.mark.rare
def test_over_many_stacks_eight_looks_are_wrong_as_seldom_as_stated() -> None:
    found = told_falsely(stacks=500, experiments=5, looks=range(1, 9), seed=12)
    print(f"told falsely: {found} of 500")
    # 4 % of 500 are 20; more than 30 have a chance of 1 %.
    assert found <= 30
