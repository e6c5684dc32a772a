"""From values and moments to places on a chart, and the round ones among them that are written at its edge."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

_ROUND: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
# Less than this is no difference that a chart shows.
_FLAT: Final = 1e-9
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
# Distances between moments that people count in, in seconds.
_STEPS: Final = (
    *(1, 2, 5, 10, 15, 30),
    *(_MINUTE * count for count in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * count for count in (1, 2, 3, 6, 12)),
    *(_DAY * count for count in (1, 2, 7, 14, 28, 91, 182, 364)),
)


@dataclass(frozen=True)
class Scale:
    """A straight line from `low` to `high`, drawn from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value is; values beyond the ends are drawn there. Rounded, so that equal charts are equal texts."""
        width = self.high - self.low
        share = 0.5 if width <= 0 else (min(max(value, self.low), self.high) - self.low) / width
        return round(self.start + share * (self.end - self.start), 1)


@dataclass(frozen=True)
class Tick:
    """A place that is written at the edge."""

    value: float
    label: str


def value_scale(values: Sequence[float], start: float, end: float, *, least: float = 0.0) -> Scale:
    """A scale on which all values are, from `least` or below, to a round number."""
    low, high = min((*values, least)), max((*values, least))
    if high - low < _FLAT:
        high = low + 1
    step = _round_step(high - low, 4)
    return Scale(math.floor(low / step) * step, math.ceil(high / step) * step, start, end)


def value_ticks(scale: Scale, unit: str = "", most: int = 5) -> list[Tick]:
    """Round values on a scale."""
    step = _round_step(scale.high - scale.low, most - 1)
    first = math.ceil(scale.low / step - 1e-9)
    last = math.floor(scale.high / step + 1e-9)
    return [Tick(number * step, f"{written(number * step)}{unit}") for number in range(first, last + 1)]


def time_scale(moments: Sequence[datetime], start: float, end: float) -> Scale:
    """A scale in seconds since 1970 on which all moments are."""
    seconds = [moment.timestamp() for moment in moments]
    low, high = min(seconds), max(seconds)
    return Scale(low, high if high > low else low + 1, start, end)


def time_ticks(scale: Scale, most: int = 6) -> list[Tick]:
    """Round moments on a scale, in UTC."""
    width = scale.high - scale.low
    step = next((step for step in _STEPS if width / step <= most), _STEPS[-1])
    first, last = math.ceil(scale.low / step), math.floor(scale.high / step)
    pattern = "%H:%M:%S" if step < _MINUTE else "%H:%M" if step < _DAY else "%-d %b"
    moments = [number * step for number in range(first, last + 1)]
    return [Tick(moment, f"{datetime.fromtimestamp(moment, UTC):{pattern}}") for moment in moments]


def written(value: float) -> str:
    """A value as people write it: without a tail of zeros, large ones with separated thousands.

    >>> [written(value) for value in (0, 0.30000000000000004, 12, 12.5, 12345.6, 1e-4)]
    ['0', '0.3', '12', '12.5', '12,346', '0.0001']
    """
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def _round_step(width: float, parts: int) -> float:
    rough = width / max(parts, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in _ROUND if factor * power >= rough * (1 - 1e-9))
