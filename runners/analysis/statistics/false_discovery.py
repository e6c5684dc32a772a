"""What is left of a p-value when many were looked at."""

from __future__ import annotations

from collections.abc import Sequence


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Of each the least rate of false discoveries at which it is one, in the order that was given.

    Source: Benjamini and Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995).
    """
    count = len(p_values)
    ordered = sorted(range(count), key=lambda at: p_values[at], reverse=True)
    found, least = [0.0] * count, 1.0
    for number, at in enumerate(ordered):
        least = min(least, p_values[at] * count / (count - number))
        found[at] = least
    return found
