"""Every run as a point: its measure, its objective, and runs in which it did not come about, as such."""

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

_HEIGHT: Final = 200


@dataclass(frozen=True, kw_only=True)
class RunPoint:
    """One run's measure; a `value` of None did not come about within `looked`."""

    run: str
    of: str
    at: datetime
    value: float | None
    looked: float | None
    objective: float | None

    @property
    def place(self) -> float:
        """Where it is drawn: what did not come about, where looking ended, with an arrow up."""
        return (self.looked or 0.0) if self.value is None else self.value

    @property
    def missed(self) -> bool:
        """Whether the objective was missed."""
        return self.value is None or (self.objective is not None and self.value > self.objective)


@dataclass(frozen=True, kw_only=True)
class Middle:
    """The median and where it may truly be."""

    median: float
    low: float | None
    high: float | None


def points_chart(
    name: str, title: str, finding: str, points: Sequence[RunPoint], *, unit: str, middle: Middle | None = None
) -> h.Element:
    """Points over time; there is at least one."""
    bottom = _HEIGHT - BOTTOM
    across = time_scale([point.at for point in points], LEFT + 12, WIDTH - RIGHT - 12)
    objectives = {point.objective for point in points if point.objective is not None}
    only = next(iter(objectives)) if len(objectives) == 1 else None
    ends = [middle.high] if middle is not None and middle.high is not None else []
    up = value_scale([*(point.place for point in points), *objectives, *ends], bottom, TOP + 10)
    drawn: list[Node] = [
        bottom_axis(across, time_ticks(across), TOP, bottom),
        left_axis(up, value_ticks(up, unit), LEFT, WIDTH - RIGHT),
        None if middle is None else _middle(up, middle),
        # Several objectives stand in the table; lines across would be read as one for all.
        limit_line(up, only, f"objective {written(only)}") if only is not None else None,
        [_point(across, up, point) for point in points],
    ]
    return figure(name, title, finding, _HEIGHT, drawn, _table(points, unit))


def _point(across: Scale, up: Scale, point: RunPoint) -> h.Element:
    x, y = across.at(point.at.timestamp()), up.at(point.place)
    told = h.title[f"{point.of}, {point.run}: {_value(point)}"]
    if point.value is None:
        return h.path(class_="point censored", d=f"M{x:g},{y:g}m-5,0h10m-5,0v-12m-4,5l4,-5l4,5")[told]
    if point.missed:
        return h.path(class_="point missed", d=f"M{x:g},{y - 5:g}l5,5l-5,5l-5,-5z")[told]
    return h.circle(class_="point", cx=f"{x:g}", cy=f"{y:g}", r="4")[told]


def _middle(up: Scale, middle: Middle) -> h.Element:
    y = up.at(middle.median)
    band: Node = None
    if middle.low is not None and middle.high is not None:
        top, bottom = up.at(middle.high), up.at(middle.low)
        width = f"{WIDTH - RIGHT - LEFT}"
        band = h.rect(x=f"{LEFT}", y=f"{top:g}", width=width, height=f"{max(bottom - top, 1):.1f}")
    return h.g(class_="median")[
        band,
        h.line(x1=f"{LEFT}", x2=f"{WIDTH - RIGHT}", y1=f"{y:g}", y2=f"{y:g}"),
        words(LEFT + 4, y - 4, f"median {written(middle.median)}"),
    ]


def _value(point: RunPoint) -> str:
    if point.value is not None:
        return written(point.value)
    return "not" if point.looked is None else f"not within {written(point.looked)}"


def _table(points: Sequence[RunPoint], unit: str) -> Table:
    rows = [
        (
            point.run,
            point.of,
            _value(point),
            "" if point.objective is None else written(point.objective),
            "missed" if point.missed else "kept" if point.objective is not None else "",
        )
        for point in points
    ]
    named = f" ({unit.strip()})" if unit.strip() else ""
    return Table(columns=("Run", "Of", f"Value{named}", f"Objective{named}", "Objective was"), rows=rows)
