"""Whether values after a change are others than before it, or higher: the exact permutation test of the sum of ranks.

Under no change every choice of "before" is as likely. All choices are counted at once: the sums of k of the ranks are
the coefficients of a polynomial, held in the digits of one large number.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import NormalDist
from struct import unpack
from typing import Final

# Of 60 values there are fewer than 2**57 halves, so that a digit of 64 bits holds any count.
MOST_EXACT: Final = 60
_BITS: Final = 64


@dataclass(frozen=True)
class Higher:
    """`p` of values that are higher afterwards; `steps` are all that p could be of these values, the least first."""

    p: float
    steps: tuple[float, ...]

    @property
    def least(self) -> float:
        """That of the order that shows it most."""
        return self.steps[0]

    def chance_within(self, level: float) -> float:
        """How often p is at most the level without a change: it has steps, so that this is seldom the level itself."""
        return self.steps[at - 1] if (at := bisect_right(self.steps, level)) else 0.0


def before_after(before: Sequence[float], after: Sequence[float]) -> float | None:
    """Two-sided p of the sum of ranks, ties at their middle; None where a side is empty or all values are equal."""
    count, size = len(before) + len(after), min(len(before), len(after))
    ranks = doubled_ranks([*before, *after])
    if not size or len(set(ranks)) < 2:
        return None
    # The sum of the smaller side says as much as that of the larger one.
    own = sum(ranks[: len(before)] if len(before) == size else ranks[len(before) :])
    if count > MOST_EXACT:
        return _normal(ranks, size, own)
    return _exact(_ways(ranks, size), size * (count + 1), own)


def higher_after(before: Sequence[float], after: Sequence[float]) -> Higher | None:
    """One-sided p of the sum of ranks, always exact; None where a side is empty or all values are equal.

    Three values above all of twelve others have 1/455, and nothing that three values can be has less.

    Raises:
        ValueError: There are more values than `MOST_EXACT`.
    """
    ranks, size = doubled_ranks([*before, *after]), min(len(before), len(after))
    if len(ranks) > MOST_EXACT:
        msg = f"{len(ranks)} values; accepted: at most {MOST_EXACT}, whose orders are counted exactly"
        raise ValueError(msg)
    if not size or len(set(ranks)) < 2:
        return None
    counts = _counts(_ways(ranks, size))
    # "After" is as high as "before" is low.
    by_sum = counts[::-1] if len(after) == size else counts
    own = len(counts) - 1 - sum(ranks[len(before) :]) if len(after) == size else sum(ranks[: len(before)])
    every = sum(counts)
    as_high = [sum_up_to / every for sum_up_to in accumulate(by_sum)]
    return Higher(as_high[own], tuple(sorted({p for p in as_high if p})))


def doubled_ranks(values: Sequence[float]) -> list[int]:
    """Twice the rank of each, so that the middle rank of those that tie is whole."""
    counts, below, found = Counter(values), 0, {}
    for value in sorted(counts):
        found[value] = 2 * below + counts[value] + 1
        below += counts[value]
    return [found[value] for value in values]


def _ways(ranks: Sequence[int], most: int) -> int:
    """A number whose digit s counts the choices of so many ranks that sum up to s."""
    ways = [1] + [0] * most
    for rank in ranks:
        for size in range(most, 0, -1):
            ways[size] += ways[size - 1] << (rank * _BITS)
    return ways[most]


def _exact(ways: int, middle: int, own: int) -> float:
    """The share of choices whose sum is as far from the middle; that is (n + 1) x size in doubled ranks."""
    counts = _counts(ways)
    far = abs(own - middle)
    outside = sum(counts[: max(0, middle - far + 1)]) + sum(counts[middle + far :])
    return min(1.0, outside / sum(counts)) if far else 1.0


def _counts(ways: int) -> tuple[int, ...]:
    digits = -(-ways.bit_length() // _BITS)
    return unpack(f"<{digits}Q", ways.to_bytes(digits * _BITS // 8, "little"))


def _normal(ranks: Sequence[int], place: int, own: int) -> float:
    count = len(ranks)
    ties = sum(tie**3 - tie for tie in Counter(ranks).values())
    variance = place * (count - place) / 12 * (count + 1 - ties / (count * (count - 1)))
    # Of plain ranks; half a rank corrects the continuity.
    far = max(0.0, abs(own / 2 - place * (count + 1) / 2) - 0.5)
    return 2 * NormalDist().cdf(-far / math.sqrt(variance))
