"""How far a share of few runs can be trusted: Wilson's interval, and that of Clopper and Pearson, never too narrow."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

CONFIDENCE: Final = 0.95
_STEPS: Final = 60


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`, both included; None is no limit on that side."""

    low: float | None
    high: float | None


def normal_quantile(confidence: float = CONFIDENCE) -> float:
    """How many standard errors a two-sided interval reaches to each side."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def wilson(successes: float, trials: float, confidence: float = CONFIDENCE) -> Interval | None:
    """Wilson's score interval without correction; None without trials. Counts may be effective ones, so not whole.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
    """
    if trials <= 0:
        return None
    z, share = normal_quantile(confidence), successes / trials
    weight = 1 + z * z / trials
    centre = (share + z * z / (2 * trials)) / weight
    reach = z / weight * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    low = 0.0 if successes == 0 else max(0.0, centre - reach)
    return Interval(low, 1.0 if successes == trials else min(1.0, centre + reach))


def exact(successes: int, trials: int, confidence: float = CONFIDENCE) -> Interval | None:
    """Clopper and Pearson's interval from the binomial distribution itself; None without trials."""
    if trials <= 0:
        return None
    tail = (1 - confidence) / 2
    low = 0.0 if successes == 0 else _root(lambda p: _beta(successes, trials - successes + 1, p) - tail)
    high = 1.0 if successes == trials else _root(lambda p: _beta(successes + 1, trials - successes, p) - (1 - tail))
    return Interval(low, high)


def _root(f: Callable[[float], float]) -> float:
    """Where a rising function of a share is zero, by halving."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) < 0 else (low, middle)
    return (low + high) / 2


def _beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function: of a + b - 1 trials, the chance of at least a successes."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(b, a, 1 - x)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(front) / (a * _fraction(a, b, x))


def _fraction(a: float, b: float, x: float) -> float:
    """Its continued fraction by Lentz's method (Abramowitz and Stegun, 26.5.8)."""
    tiny, most, close = 1e-300, 10_000, 1e-15
    value, c, d = 1.0, 1.0, 0.0
    for number in range(1, most):
        half = number // 2
        if number % 2:
            part = -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        else:
            part = half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
        d = 1 / ((1 + part * d) or tiny)
        c = (1 + part / c) or tiny
        value *= c * d
        if abs(c * d - 1) < close:
            return value
    return value
