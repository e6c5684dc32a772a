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


def that_can_tell(least: Sequence[float], level: float) -> list[int]:
    """Which tests share a level: as many as could each be below an equal share of it, by the least p they can have.

    A test that cannot reach its share whatever comes is not made, and takes nothing from the others. The choice looks
    at counts and ties alone, not at what came, so that the chance that any of those chosen is below its share without
    a change is at most the level. Of equal ones the first are chosen.

    Sources: Tarone, "A modified Bonferroni method for discrete data", Biometrics 46 (1990); Gilbert, "A modified false
    discovery rate multiple-comparisons procedure for discrete data", JRSS C 54 (2005).
    """
    ordered = sorted(range(len(least)), key=lambda at: least[at])
    most = max((count for count, at in enumerate(ordered, 1) if least[at] <= level / count), default=0)
    return sorted(ordered[:most])
