"""Measures over time: lines with gaps where nothing was seen, a limit, the time of the fault, and marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import htpy as h
from htpy import Node

from runners.report.charts.figure import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Table,
    bottom_axis,
    figure,
    left_axis,
    limit_line,
    words,
)
from runners.report.charts.scale import Scale, time_scale, time_ticks, value_scale, value_ticks, written

_HEIGHT: Final = 190


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A value at a moment; None: nobody could see it. `good`: whether it was within what is tolerated."""

    at: datetime
    value: float | None
    good: bool | None


@dataclass(frozen=True, kw_only=True)
class Span:
    """A stretch of time with a name, such as the fault."""

    began: datetime
    ended: datetime
    name: str


@dataclass(frozen=True, kw_only=True)
class Limit:
    """What is tolerated, drawn across."""

    value: float
    name: str


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What is drawn beside a measure."""

    fault: Span | None = None
    limit: Limit | None = None


def series_chart(name: str, title: str, finding: str, seen: Sequence[Seen], beside: Drawn) -> h.Element:
    """One measure over time. `seen` is in order of time and has at least one value."""
    bottom, fault, limit = _HEIGHT - BOTTOM, beside.fault, beside.limit
    moments = [one.at for one in seen] + ([fault.began, fault.ended] if fault is not None else [])
    across = time_scale(moments, LEFT, WIDTH - RIGHT)
    values = [one.value for one in seen if one.value is not None] + ([limit.value] if limit is not None else [])
    up = value_scale(values, bottom, TOP)
    drawn: list[Node] = [
        bottom_axis(across, time_ticks(across), TOP, bottom),
        left_axis(up, value_ticks(up), LEFT, WIDTH - RIGHT),
        None if fault is None else _fault(across, fault, bottom),
        None if limit is None else limit_line(up, limit.value, limit.name),
        [_line(across, up, part) for part in _without_gaps(seen)],
        [_bad(across, up, one) for one in seen if one.good is False and one.value is not None],
    ]
    return figure(name, title, finding, _HEIGHT, drawn, _table(title, seen))


def _without_gaps(seen: Sequence[Seen]) -> list[list[Seen]]:
    """Stretches in which each moment has a value: a line across a gap would claim what nobody saw."""
    parts: list[list[Seen]] = [[]]
    for one in seen:
        if one.value is None:
            parts.append([])
        else:
            parts[-1].append(one)
    return [part for part in parts if part]


def _line(across: Scale, up: Scale, part: Sequence[Seen]) -> h.Element:
    places = [(across.at(one.at.timestamp()), up.at(one.value)) for one in part if one.value is not None]
    if len(places) == 1:
        [(x, y)] = places
        return h.circle(class_="dot", cx=f"{x:g}", cy=f"{y:g}", r="2.5")
    return h.polyline(class_="line", points=" ".join(f"{x:g},{y:g}" for x, y in places))


def _bad(across: Scale, up: Scale, one: Seen) -> h.Element:
    """A cross, which differs by its form and not by its colour alone."""
    x, y = across.at(one.at.timestamp()), up.at(one.value or 0.0)
    return h.path(class_="bad", d=f"M{x - 3:g},{y - 3:g}l6,6m0,-6l-6,6")


def _fault(across: Scale, fault: Span, bottom: float) -> h.Element:
    x, end = across.at(fault.began.timestamp()), across.at(fault.ended.timestamp())
    return h.g(class_="fault")[
        h.rect(x=f"{x:g}", y=f"{TOP}", width=f"{max(end - x, 1):.1f}", height=f"{bottom - TOP:g}"),
        words(x + 4, TOP + 12, fault.name),
    ]


def _table(title: str, seen: Sequence[Seen]) -> Table:
    return Table(
        columns=("Time (UTC)", title, "Tolerated"),
        rows=[
            (f"{one.at:%Y-%m-%d %H:%M:%S}", "not seen" if one.value is None else written(one.value), _said(one.good))
            for one in seen
        ],
    )


def _said(good: bool | None) -> str:
    return "not known" if good is None else "yes" if good else "no"
