"""How fast values change: the median of the slopes between all pairs, which one outlier does not move."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from runners.analysis.statistics.median import median
from runners.analysis.statistics.proportion import CONFIDENCE, Interval, normal_quantile


@dataclass(frozen=True)
class Slope:
    """A change for each unit of time, with its interval."""

    value: float
    interval: Interval


def theil_sen(moments: Sequence[float], values: Sequence[float], confidence: float = CONFIDENCE) -> Slope | None:
    """Theil and Sen's slope; None without two moments. Values must be finite.

    The interval is that of Sen, "Estimates of the regression coefficient based on Kendall's tau", JASA 63 (1968).
    """
    points = list(zip(moments, values, strict=True))
    slopes = sorted(
        (later - earlier) / (after - before)
        for at, (after, later) in enumerate(points)
        for before, earlier in points[:at]
        if after != before
    )
    middle = median(slopes)
    if middle is None:
        return None
    return Slope(middle, _interval(slopes, moments, values, confidence))


def _interval(
    slopes: Sequence[float], moments: Sequence[float], values: Sequence[float], confidence: float
) -> Interval:
    count, total = len(values), len(slopes)
    variance = (
        _spread(count)
        - sum(_spread(tie) for tie in Counter(moments).values())
        - sum(_spread(tie) for tie in Counter(values).values())
    ) / 18
    reach = normal_quantile(confidence) * math.sqrt(max(0.0, variance))
    # Ranks beyond the ends are the ends.
    high = min(round((total + reach) / 2), total - 1)
    low = max(round((total - reach) / 2) - 1, 0)
    return Interval(slopes[low], slopes[high])


def _spread(count: int) -> int:
    return count * (count - 1) * (2 * count + 5)
