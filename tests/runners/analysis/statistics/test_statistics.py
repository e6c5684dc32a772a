"""The statistics against brute force and by hand; `test_oracle.py` has what scipy says."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runners.analysis.statistics.change_point import change_point, known_change
from runners.analysis.statistics.false_discovery import benjamini_hochberg, that_can_tell
from runners.analysis.statistics.kendall import kendall, normal_p
from runners.analysis.statistics.median import median, median_interval
from runners.analysis.statistics.proportion import exact, wilson
from runners.analysis.statistics.slope import theil_sen
from runners.analysis.statistics.two_samples import MOST_EXACT, before_after, higher_after

FEW = settings(max_examples=25, deadline=None)
VALUES = st.lists(st.integers(0, 4), min_size=2, max_size=7)


def brute_p(values: list[int]) -> Fraction | None:
    """Two-sided p of Kendall's S over every order of the values."""

    def s(order: tuple[int, ...]) -> int:
        return sum((b > a) - (b < a) for a, b in itertools.combinations(order, 2))

    if len(set(values)) == 1:
        return None
    all_ = [abs(s(order)) for order in itertools.permutations(values)]
    return Fraction(sum(found >= abs(s(tuple(values))) for found in all_), len(all_))


@FEW
@given(VALUES)
def test_kendall_is_the_permutation_of_all_orders(values: list[int]) -> None:
    expected, found = brute_p(values), kendall(values).p
    assert found == (None if expected is None else pytest.approx(float(expected), abs=1e-12))


@pytest.mark.parametrize(
    ("values", "p", "tau"),
    [
        ([1, 2, 3, 4], 0.083333, 1.0),
        ([1, 1, 2, 2, 3, 3], 0.022222, 0.894427),
        ([0, 0, 0, 0, 0, 1, 1], 0.095238, 0.690066),
        ([1, 1, 1, 1, 1, 2], 0.333333, 0.577350),
        ([1, 2, 2, 3, 4, 4, 5], 0.001587, 0.951190),
    ],
)
def test_kendall_under_ties_is_what_was_found_by_hand(values: list[int], p: float, tau: float) -> None:
    found = kendall(values)
    assert [found.p, found.tau] == pytest.approx([p, tau], abs=1e-6)


def test_of_what_is_all_equal_nothing_is_said() -> None:
    assert (kendall([3, 3, 3]).p, kendall([3, 3, 3]).tau) == (None, None)
    assert change_point([3.0] * 20) is None
    assert before_after([3, 3], [3, 3]) is None


def test_many_values_take_the_normal_distribution_which_is_near() -> None:
    values = [(number * 7919) % 40 + number / 4 for number in range(40)]
    exactly = kendall(values)
    assert normal_p(exactly.s, (1,) * 40) == pytest.approx(exactly.p, abs=0.005)
    assert kendall([*values, 60.0]).p is not None


@FEW
@given(st.lists(st.integers(0, 4), min_size=1, max_size=4), st.lists(st.integers(0, 4), min_size=1, max_size=4))
def test_before_and_after_is_the_permutation_of_all_choices(before: list[int], after: list[int]) -> None:
    values = [*before, *after]
    ranks = [2 * sum(other < value for other in values) + values.count(value) + 1 for value in values]
    middle = len(before) * (len(values) + 1)
    far = abs(sum(ranks[: len(before)]) - middle)
    sums = [sum(choice) for choice in itertools.combinations(ranks, len(before))]
    expected = sum(abs(total - middle) >= far for total in sums) / len(sums)
    found = before_after(before, after)
    assert found == (None if len(set(values)) == 1 else pytest.approx(expected, abs=1e-12))


@FEW
@given(
    st.lists(st.sampled_from([0, 1, 2, 3, math.inf]), min_size=1, max_size=5),
    st.lists(st.sampled_from([0, 1, 2, 3, math.inf]), min_size=1, max_size=5),
)
def test_higher_afterwards_is_the_permutation_of_all_choices_for_one_side(
    before: list[float], after: list[float]
) -> None:
    values = [*before, *after]
    ranks = [2 * sum(other < value for other in values) + values.count(value) + 1 for value in values]
    sums = [sum(choice) for choice in itertools.combinations(ranks, len(after))]
    found, own = higher_after(before, after), sum(ranks[len(before) :])
    if len(set(values)) == 1:
        assert found is None
        return
    assert found is not None
    assert found.p == pytest.approx(sum(total >= own for total in sums) / len(sums), abs=1e-12)
    assert found.least == pytest.approx(sum(total == max(sums) for total in sums) / len(sums), abs=1e-12)
    # What chance has of a p within a level, over all choices.
    every = [sum(other >= total for other in sums) / len(sums) for total in sums]
    for level in (0.04, 0.1, 0.34):
        assert found.chance_within(level) == pytest.approx(sum(p <= level for p in every) / len(sums), abs=1e-12)


def test_three_above_twelve_say_as_much_as_three_can() -> None:
    found = higher_after(range(12), [20, 21, 22])
    assert found is not None
    assert [found.p, found.least] == pytest.approx([1 / 455, 1 / 455])
    lower = higher_after([20, 21, 22], range(12))
    assert lower is not None
    assert [lower.p, lower.least] == pytest.approx([1.0, 1 / 455])
    assert higher_after([], [1]) is None
    with pytest.raises(ValueError, match="counted exactly"):
        higher_after(range(MOST_EXACT), [1])
    assert higher_after(range(MOST_EXACT - 1), [1]) is not None


@FEW
@given(st.lists(st.floats(0, 1), max_size=8), st.floats(0.001, 0.2))
def test_those_that_can_tell_share_the_level_and_are_as_many_as_can(least: list[float], level: float) -> None:
    chosen = that_can_tell(least, level)
    assert all(least[at] <= level / len(chosen) for at in chosen)
    more = [sum(one <= level / count for one in least) >= count for count in range(len(chosen) + 1, len(least) + 1)]
    assert not any(more)
    # Whichever others there are: none that is left out could show more than one that is chosen.
    left_out = [one for at, one in enumerate(least) if at not in chosen]
    assert max((least[at] for at in chosen), default=0) <= min(left_out, default=1)


def test_what_can_never_tell_takes_nothing_from_what_can() -> None:
    assert that_can_tell([1 / 455, 1 / 8, 1 / 8, 0.3], 0.005) == [0]
    assert that_can_tell([0.002, 0.002, 0.002], 0.005) == [0, 1]
    assert that_can_tell([0.01, 2.0], 0.005) == []


def test_four_before_and_four_after_say_as_much_as_they_can() -> None:
    assert before_after([1, 2, 3, 4], [5, 6, 7, 8]) == pytest.approx(2 / 70)
    large = before_after(list(range(40)), list(range(40, 80)))
    assert large is not None
    assert large < 1e-10


def test_the_slope_is_the_median_of_all_slopes() -> None:
    y, x = [5.0, 1, 4, 2, 8, 6, 9, 7], [0.0, 7, 14, 21, 28, 35, 42, 49]
    found = theil_sen(x, y)
    every = sorted((b - a) / (d - c) for (a, c), (b, d) in itertools.combinations(zip(y, x, strict=True), 2))
    assert found is not None
    assert found.value == pytest.approx(median(every))
    assert theil_sen([1], [1]) is None


def test_no_trials_have_no_interval() -> None:
    assert (wilson(0, 0), exact(0, 0)) == (None, None)


def test_the_median_needs_six_values_for_an_interval() -> None:
    assert median_interval([1, 2, 3, 4, 5]) is None
    found = median_interval([3, 1, 2, 6, 5, 4])
    assert (found and found.low, found and found.high) == (1, 6)
    ten = median_interval(list(range(1, 11)))
    assert (ten and ten.low, ten and ten.high) == (2, 9)


def test_what_did_not_come_about_is_no_number() -> None:
    assert median([1, 2, math.inf]) == 2
    found = median_interval([10, 20, 30, math.inf, math.inf, math.inf])
    assert (found and found.low, found and found.high) == (10, None)


def test_of_no_tests_nothing_is_corrected() -> None:
    assert benjamini_hochberg([]) == []


def test_a_step_is_found_where_it_is_and_not_below_twelve_values() -> None:
    values = [10.0, 12, 11, 10, 13, 11, 12, 30, 31, 29, 33, 30, 32, 31]
    found = change_point(values)
    assert found is not None
    assert (found.place, found.p < 0.01) == (7, True)
    assert change_point(values[:11]) is None
    known = known_change(values[4:10], 3)
    assert known is not None
    assert known.p == pytest.approx(0.1)


def test_steps_of_nothing_are_as_seldom_as_p_says() -> None:
    from random import Random

    chance = Random(5)
    found = [change_point([chance.random() for _ in range(16)]) for _ in range(400)]
    # Of 400 at 5 % there are more than 30 with a chance of 1 %; without the places that were tried there are 90.
    assert sum(held is not None and held.p < 0.05 for held in found) <= 30


@FEW
@given(st.lists(st.integers(0, 5), min_size=12, max_size=16))
def test_a_step_pays_for_each_place_that_was_tried(values: list[int]) -> None:
    found = change_point([float(value) for value in values])
    if found is None:
        assert len(set(values)) == 1
        return
    alone = before_after(values[: found.place], values[found.place :])
    assert alone is not None
    assert found.p == pytest.approx(min(1.0, alone * (len(values) - 5)))
