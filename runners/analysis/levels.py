"""How seldom chance may make analysis say that something changed, and how that is shared among all that is asked.

The level is that of a whole stack on which nothing changes: of twenty such stacks, at most one is told of any change in
the eight weekly looks of its first eight weeks, and in those of each eight weeks after them. One part belongs to the
planned question, whether the newest weeks are worse than those before; the other to the search for trends and steps.
"""

from __future__ import annotations

from typing import Final

LEVEL: Final = 0.05
LOOKS: Final = 8
# By how many newest weeks are compared. One alone finds a change within its week and has least to show it by, so that
# it gets most; more weeks say the same of a smaller change.
SHARES: Final = {1: 0.034, 2: 0.003, 3: 0.0015, 4: 0.0015}
SEARCH: Final = LEVEL - sum(SHARES.values())
# Before these nothing is asked: what three runs can show against fewer is beyond any level that could be given to them.
FEWEST_BEFORE: Final = 4


def level_of_question(newest: int, before: int) -> float:
    """The level of one look that compares so many newest weeks with so many before them; 0 where it is not asked.

    A young stack has little to compare with, and looks that could not be asked: they leave their share to those that
    follow. By the square of the weeks, a change is found about as often in the fifth week as in the twentieth, and the
    levels of a stack's first eight looks sum up to less than the share, as those of any eight later ones do.
    """
    most = LOOKS - newest
    if before < FEWEST_BEFORE:
        return 0.0
    return SHARES[newest] / LOOKS * (most / min(before, most)) ** 2


def level_of_search() -> float:
    """That of all that is searched in one look."""
    return SEARCH / LOOKS
