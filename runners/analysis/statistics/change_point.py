"""When a series changed its level: the place that splits it best, tested against all the places that were tried."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from runners.analysis.statistics.two_samples import before_after, doubled_ranks

# Below this no method is trustworthy; a change whose day is known can be tested by `known_change`.
FEWEST: Final = 12
# So few values on one side are chance.
_LEAST_SIDE: Final = 3


@dataclass(frozen=True)
class ChangePoint:
    """The first value of the new level is that at `place`."""

    place: int
    p: float


def change_point(values: Sequence[float]) -> ChangePoint | None:
    """The best split; None with fewer than twelve values, or where all are equal.

    The measure of a split is how far the sum of ranks before it is from the middle, in its standard errors; p is that
    of the split alone, for each of the places that were tried (Bonferroni): so it counts that the place was searched
    for. Shuffles would give a p that is a third of it, but of 2,000 none is less than 1/2,000, which is not little
    enough where one look of eight, at many measures, may hardly ever be wrong.
    """
    count, ranks = len(values), doubled_ranks(values)
    if count < FEWEST or len(set(ranks)) < 2:
        return None
    places = range(_LEAST_SIDE, count - _LEAST_SIDE + 1)
    sums = list(accumulate(ranks))
    far = [abs(sums[place - 1] - place * (count + 1)) / math.sqrt(place * (count - place)) for place in places]
    place = places[far.index(max(far))]
    alone = before_after(values[:place], values[place:])
    return None if alone is None else ChangePoint(place, min(1.0, alone * len(places)))


def known_change(values: Sequence[float], place: int) -> ChangePoint | None:
    """The same of a place that is known beforehand: exact, and of few values too; None where nothing can be said."""
    p = before_after(values[:place], values[place:])
    return None if p is None else ChangePoint(place, p)
