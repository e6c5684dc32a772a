"""When a series changed its level: the place that splits it best, tested against all the places that were tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from runners.analysis.statistics.two_samples import splits

# Below this no method is trustworthy; a change that is known, such as a deployment, can be tested by `before_after`.
FEWEST: Final = 12
# So few values on one side are chance.
_LEAST_SIDE: Final = 3


@dataclass(frozen=True)
class ChangePoint:
    """The first value of the new level is that at `place`; `p` counts that the place was searched for."""

    place: int
    p: float


def change_point(values: Sequence[float]) -> ChangePoint | None:
    """The best split; None with fewer than twelve values, or where all are equal.

    Each split is tested exactly. The least p-value is multiplied with the number of splits (Bonferroni), so that a
    series without a change is called one at most as often as p says.
    """
    if len(values) < FEWEST:
        return None
    places = range(_LEAST_SIDE, len(values) - _LEAST_SIDE + 1)
    found = splits(values, places)
    if not found:
        return None
    best = min(range(len(found)), key=lambda at: found[at])
    return ChangePoint(places[best], min(1.0, found[best] * len(found)))
