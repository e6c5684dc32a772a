"""Amounts against what they may be: a bar for each, with its limit as a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import htpy as h
from htpy import Node

from runners.report.charts.figure import BOTTOM, RIGHT, TOP, WIDTH, Table, bottom_axis, figure, shortened, words
from runners.report.charts.scale import Scale, Tick, value_scale, value_ticks

_ROW: Final = 30
_LABELS: Final = 170


@dataclass(frozen=True, kw_only=True)
class Amount:
    """An amount, what it may be at most, and what it really was where that is known."""

    name: str
    expected: float
    limit: float | None = None
    measured: float | None = None

    @property
    def over(self) -> bool:
        """Whether it is above its limit."""
        return self.limit is not None and max(self.expected, self.measured or 0.0) > self.limit


def amounts_chart(
    name: str, title: str, finding: str, amounts: Sequence[Amount], shown: Callable[[float], str]
) -> h.Element:
    """Bars; there is at least one. `shown` writes an amount."""
    bottom = TOP + _ROW * len(amounts)
    every = [value for one in amounts for value in (one.expected, one.limit, one.measured) if value is not None]
    across = value_scale(every, _LABELS, WIDTH - RIGHT - 60)
    ticks = [Tick(tick.value, shown(tick.value)) for tick in value_ticks(across)]
    drawn: list[Node] = [
        bottom_axis(across, ticks, TOP, bottom),
        [_bar(across, TOP + _ROW * row, one, shown) for row, one in enumerate(amounts)],
    ]
    return figure(name, title, finding, bottom + BOTTOM, drawn, _table(amounts, shown))


def _bar(across: Scale, top: float, one: Amount, shown: Callable[[float], str]) -> h.Element:
    start, end = across.at(0), across.at(one.expected)
    limit: Node = None
    if one.limit is not None:
        at = f"{across.at(one.limit):g}"
        limit = h.line(class_="cap", x1=at, x2=at, y1=f"{top + 3:g}", y2=f"{top + _ROW - 3:g}")
    measured: Node = None
    if one.measured is not None:
        x = across.at(one.measured)
        measured = h.path(class_="measured", d=f"M{x:g},{top + 9:g}l5,6l-5,6l-5,-6z")
    last = max(end, across.at(one.limit or 0.0), across.at(one.measured or 0.0))
    told = f"{shown(one.expected)}{' over' if one.over else ''}"
    return h.g(class_="amount over" if one.over else "amount")[
        words(_LABELS - 8, top + 19, shortened(one.name, 26), "end"),
        h.rect(x=f"{start:g}", y=f"{top + 8:g}", width=f"{max(end - start, 1):.1f}", height="14"),
        limit,
        measured,
        words(last + 6, top + 19, told),
    ]


def _table(amounts: Sequence[Amount], shown: Callable[[float], str]) -> Table:
    rows = [
        (
            one.name,
            shown(one.expected),
            "" if one.limit is None else shown(one.limit),
            "not known" if one.measured is None else shown(one.measured),
        )
        for one in amounts
    ]
    return Table(columns=("What", "Expected a month", "At most", "Measured"), rows=rows)
