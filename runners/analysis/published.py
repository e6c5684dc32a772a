"""What all parts of the published analysis have in common."""

from __future__ import annotations

from contract.parts import Part
from runners.analysis.statistics.proportion import Interval


class Published(Part, frozen=True, kw_only=True, rename="camel"):
    """A part of the document; its keys are in camelCase."""


class Range(Published, frozen=True, kw_only=True):
    """An interval of 95 %.

    Attributes:
        low: Lower bound; null: none can be given.
        high: Upper bound; null: none can be given.
    """

    low: float | None
    high: float | None


def range_of(interval: Interval | None, times: float = 1) -> Range | None:
    """An interval as it is published, in another unit if wanted."""
    if interval is None:
        return None
    low, high = (None if bound is None else rounded(bound * times) for bound in (interval.low, interval.high))
    return Range(low=low, high=high)


def rounded(value: float) -> float:
    """As many digits as anybody reads."""
    return round(value, 4)
