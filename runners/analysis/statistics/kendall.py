"""Whether values rise or fall over time: Mann and Kendall's test, with the exact distribution where values tie.

Under no trend every order of the values is as likely. The number of pairs that are out of order then has the Gaussian
multinomial coefficient of the tie structure as its generating function (Knuth, The Art of Computer Programming 3,
5.1.2), which is multiplied out here in whole numbers.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Final

MOST_EXACT: Final = 40


@dataclass(frozen=True)
class Trend:
    """`s` counts the pairs that rise less those that fall; `tau` is Kendall's tau-b, `p` two-sided.

    Both are None where all values are equal: then nothing can be said.
    """

    s: int
    tau: float | None
    p: float | None


def kendall(values: Sequence[float]) -> Trend:
    """The test of values in the order of time, of which no two are of one moment. Infinity ties with infinity."""
    count, ties = len(values), tuple(sorted(Counter(values).values()))
    s = sum((later > earlier) - (later < earlier) for at, later in enumerate(values) for earlier in values[:at])
    pairs = count * (count - 1) // 2
    untied = pairs - sum(tie * (tie - 1) // 2 for tie in ties)
    if untied == 0:
        return Trend(s, None, None)
    p = exact_p(s, ties) if count <= MOST_EXACT else normal_p(s, ties)
    return Trend(s, s / math.sqrt(pairs * untied), p)


def exact_p(s: int, ties: tuple[int, ...]) -> float:
    """The share of all orders of values with these ties whose S is at least as far from zero."""
    orders = _orders(ties)
    # S of an order is what is untied less two for each pair out of order.
    untied = len(orders) - 1
    far = sum(held for number, held in enumerate(orders) if abs(untied - 2 * number) >= abs(s))
    return far / sum(orders)


def normal_p(s: int, ties: tuple[int, ...]) -> float:
    """The same by the normal distribution, for many values, with the variance under ties and continuity corrected.

    Source: Kendall, Rank Correlation Methods, 1975, chapter 4.
    """
    if s == 0:
        return 1.0
    count = sum(ties)
    variance = (_spread(count) - sum(_spread(tie) for tie in ties)) / 18
    return 2 * NormalDist().cdf(-(abs(s) - 1) / math.sqrt(variance))


def _spread(count: int) -> int:
    return count * (count - 1) * (2 * count + 5)


@lru_cache(maxsize=256)
def _orders(ties: tuple[int, ...]) -> tuple[int, ...]:
    """How many orders have 0, 1, 2, ... pairs out of order: [n]! / ([t1]! [t2]! ...) in q-analogues."""
    count = sum(ties)
    pairs = count * (count - 1) // 2 - sum(tie * (tie - 1) // 2 for tie in ties)
    found = [1] + [0] * pairs
    below = Counter(length for tie in ties for length in range(1, tie + 1))
    above = Counter(range(1, count + 1))
    for length in (above - below).elements():
        for at in range(pairs, length - 1, -1):
            found[at] -= found[at - length]
    for length in (below - above).elements():
        for at in range(length, pairs + 1):
            found[at] += found[at - length]
    return tuple(found)
