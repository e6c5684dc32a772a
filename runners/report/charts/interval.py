"""A measure with its interval against a goal, small enough for a tile."""

from __future__ import annotations

from typing import Final

import htpy as h
from htpy import Node

from runners.report.charts.scale import Scale, value_scale

_WIDTH, _HEIGHT = 200, 26
_MARGIN: Final = 6


def interval_strip(said: str, *, value: float, goal: float, low: float | None, high: float | None) -> h.Element:
    """The measure as a dot, its interval as a bar, the goal as a line across; `said` is all of this in words."""
    known = [number for number in (value, goal, low, high) if number is not None]
    # Not from 0 on: what is near its goal would be one dot.
    scale = value_scale(known, _MARGIN, _WIDTH - _MARGIN, least=min(known))
    return h.svg(viewBox=f"0 0 {_WIDTH} {_HEIGHT}", role="img", aria_label=said, class_="strip")[
        h.line(class_="base", x1=f"{_MARGIN}", x2=f"{_WIDTH - _MARGIN}", y1="13", y2="13"),
        _bar(scale, low, high),
        h.line(class_="goal", x1=f"{scale.at(goal):g}", x2=f"{scale.at(goal):g}", y1="2", y2="24"),
        h.circle(class_="dot", cx=f"{scale.at(value):g}", cy="13", r="4"),
    ]


def _bar(scale: Scale, low: float | None, high: float | None) -> Node:
    if low is None or high is None:
        return None
    x, end = scale.at(low), scale.at(high)
    return h.rect(class_="range", x=f"{x:g}", y="9", width=f"{max(end - x, 1):.1f}", height="8", rx="2")
