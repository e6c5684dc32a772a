"""When a series changed its level: the place that splits it best, tested against all the places that were tried."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Final

from runners.analysis.statistics.two_samples import before_after, doubled_ranks

# Below this no method is trustworthy; a change whose day is known can be tested by `known_change`.
FEWEST: Final = 12
# So few values on one side are chance.
_LEAST_SIDE: Final = 3
_SHUFFLES: Final = 1999
# Of a series without a change this many shuffles are soon as good, and more would only say the same.
_ENOUGH: Final = 20


@dataclass(frozen=True)
class ChangePoint:
    """The first value of the new level is that at `place`."""

    place: int
    p: float


def change_point(values: Sequence[float]) -> ChangePoint | None:
    """The best split; None with fewer than twelve values, or where all are equal.

    The measure of a split is how far the sum of ranks before it is from the middle, in its standard errors; p is the
    share of orders of the values whose best split is as good, of shuffles of one fixed seed. So it counts that the
    place was searched for. Source: Besag and Clifford, "Sequential Monte Carlo p-values", Biometrika 78 (1991).
    """
    count, ranks = len(values), doubled_ranks(values)
    if count < FEWEST or len(set(ranks)) < 2:
        return None
    places = range(_LEAST_SIDE, count - _LEAST_SIDE + 1)
    spreads = [math.sqrt(place * (count - place)) for place in places]

    def best(ordered: Sequence[int]) -> tuple[float, int]:
        sums = list(accumulate(ordered))
        far = (
            (abs(sums[place - 1] - place * (count + 1)) / spread, -place)
            for place, spread in zip(places, spreads, strict=True)
        )
        return max(far)

    found, place = best(ranks)
    return ChangePoint(-place, _p(ranks, lambda ordered: best(ordered)[0] >= found))


def known_change(values: Sequence[float], place: int) -> ChangePoint | None:
    """The same of a place that is known beforehand: exact, and of few values too; None where nothing can be said."""
    p = before_after(values[:place], values[place:])
    return None if p is None else ChangePoint(place, p)


def _p(ranks: Sequence[int], as_good: Callable[[Sequence[int]], bool]) -> float:
    chance, shuffled, good = Random(len(ranks)), list(ranks), 0
    for tried in range(1, _SHUFFLES + 1):
        chance.shuffle(shuffled)
        good += as_good(shuffled)
        if good == _ENOUGH:
            return good / tried
    return (good + 1) / (_SHUFFLES + 1)
