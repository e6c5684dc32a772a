"""The median of durations, some of which did not end while somebody looked, and how far it can be trusted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from runners.analysis.statistics.proportion import CONFIDENCE, Interval, normal_quantile

# With five values the smallest and the largest hold the median in 93.75 % of all cases.
FEWEST: Final = 6
_MOST_EXACT: Final = 1000


def median(values: Sequence[float]) -> float | None:
    """The middle value, or the middle of two; infinity stands for a value beyond what was looked at. None of none."""
    ordered, count = sorted(values), len(values)
    if not count:
        return None
    return ordered[count // 2] if count % 2 else (ordered[count // 2 - 1] + ordered[count // 2]) / 2


def median_interval(values: Sequence[float], confidence: float = CONFIDENCE) -> Interval | None:
    """The interval between two order statistics, whatever the distribution; None with fewer than six values."""
    count = len(values)
    rank = _rank(count, 1 - confidence)
    if rank < 1:
        return None
    ordered = sorted(values)
    low, high = ordered[rank - 1], ordered[count - rank]
    return Interval(None if math.isinf(low) else low, None if math.isinf(high) else high)


def _rank(count: int, outside: float) -> int:
    """The largest r so that fewer than r values on one side of the median are seldom enough; 0 if there is none."""
    if count > _MOST_EXACT:
        return max(0, math.floor((count - normal_quantile(1 - outside) * math.sqrt(count)) / 2))
    below, rank, most = 0, 0, outside / 2 * 2**count
    while rank < count // 2:
        below += math.comb(count, rank)
        if below > most:
            break
        rank += 1
    return rank
