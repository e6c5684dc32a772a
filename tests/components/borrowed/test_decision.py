"""Which of three wins: what is there, what was there before ours, and what is wanted."""

from __future__ import annotations

import pytest

from components.borrowed.decision import Remembered, changed_meanwhile, settle, to_give_back


def remembered(earlier: int, *ours: int) -> Remembered:
    return Remembered(earlier=earlier, ours=ours)


@pytest.mark.parametrize(
    ("now", "known", "wanted", "result", "after"),
    [
        # Nothing is known: what is there is the owner's.
        (5, None, 7, 7, remembered(5, 7)),
        (9, None, 7, 9, remembered(9)),
        # What is there is ours: the owner's is what was there before.
        (7, remembered(5, 7), 8, 8, remembered(5, 7, 8)),
        (7, remembered(5, 7), 7, 7, remembered(5, 7)),
        (7, remembered(5, 7), 3, 5, remembered(5, 7, 5)),
        # It is as it was before: nobody has decided anew.
        (5, remembered(5, 7), 7, 7, remembered(5, 7)),
        # Somebody has: that counts from now on.
        (6, remembered(5, 7), 7, 7, remembered(6, 7)),
        (9, remembered(5, 7), 7, 9, remembered(9)),
    ],
)
def test_the_stronger_of_the_owner_s_and_what_is_wanted(
    now: int, known: Remembered | None, wanted: int, result: int, after: Remembered
) -> None:
    found = settle(now, known, lambda owners: max(owners, wanted))
    assert (found.result, found.remembered) == (result, after)


@pytest.mark.parametrize(
    ("now", "known", "write", "value", "meanwhile"),
    [
        (7, None, False, 7, False),
        (7, remembered(5, 7), True, 5, False),
        (6, remembered(5, 6, 7), True, 5, False),
        # It is as it was, also where that was one of ours in between.
        (5, remembered(5, 7), False, 5, False),
        (5, remembered(5, 5, 7), False, 5, False),
        (9, remembered(5, 7), False, 9, True),
        # We left nothing, so nothing was changed that was ours.
        (9, remembered(5), False, 9, False),
    ],
)
def test_only_ours_is_given_back(now: int, known: Remembered | None, write: bool, value: int, meanwhile: bool) -> None:
    assert to_give_back(now, known) == (write, value)
    assert changed_meanwhile(now, known) is meanwhile
