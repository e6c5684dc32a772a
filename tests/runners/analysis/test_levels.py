"""What eight weekly looks may say falsely sums up to what is stated."""

from __future__ import annotations

import pytest

from runners.analysis.levels import (
    FEWEST_BEFORE,
    LEVEL,
    LOOKS,
    SEARCH,
    SHARES,
    level_of_question,
    level_of_search,
)


def of_look(week: int) -> float:
    """All that a look at the end of a stack's so many-th week may say falsely."""
    return level_of_search() + sum(level_of_question(newest, week - newest) for newest in SHARES)


def test_the_first_eight_looks_and_any_eight_later_ones_are_within_the_level() -> None:
    assert sum(of_look(week) for week in range(1, LOOKS + 1)) <= LEVEL
    for begin in range(LOOKS + 4, 40):
        assert sum(of_look(week) for week in range(begin, begin + LOOKS)) == pytest.approx(LEVEL)
    # Eight looks of which the first are a young stack's have more, as docs/analysis.md says.
    assert max(sum(of_look(week) for week in range(begin, begin + LOOKS)) for begin in range(1, 40)) < 0.064


def test_nothing_is_left_over_and_nothing_asked_of_few_weeks() -> None:
    assert sum(SHARES.values()) + SEARCH == pytest.approx(LEVEL)
    assert SEARCH > 0
    for newest in SHARES:
        assert level_of_question(newest, FEWEST_BEFORE - 1) == 0
        assert level_of_question(newest, 99) == pytest.approx(SHARES[newest] / LOOKS)
    assert level_of_question(1, 4) > level_of_question(1, 5) > level_of_question(1, 7)
