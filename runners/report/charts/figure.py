"""What every chart is: a drawing with a title and a finding for those who do not see it, and its numbers as a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import htpy as h
from htpy import Node

from runners.report.charts.scale import Scale, Tick

WIDTH: Final = 640
LEFT, RIGHT, TOP, BOTTOM = 52, 22, 10, 24


@dataclass(frozen=True, kw_only=True)
class Table:
    """Numbers of a chart."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def figure(name: str, title: str, finding: str, height: float, drawn: Iterable[Node], table: Table) -> h.Element:
    """A chart. `name` is its place on the page, once for each; `finding` says in a line what is to be seen."""
    place = anchor(name)
    return h.figure(class_="chart", id=place)[
        h.figcaption[title],
        h.svg(
            viewBox=f"0 0 {WIDTH} {height:g}",
            role="img",
            aria_labelledby=f"{place}-title {place}-finding",
            preserveAspectRatio="xMinYMin meet",
        )[h.title(id=f"{place}-title")[title], h.desc(id=f"{place}-finding")[finding], list(drawn)],
        h.p(class_="finding")[finding],
        h.details[h.summary[f"Numbers: {title}"], numbers(table, name)],
    ]


def numbers(table: Table, name: str) -> h.Element:
    """A table that scrolls by itself where it is wider than the page, also with the keyboard. `name` is its alone."""
    return h.div(class_="scrolls", tabindex="0", role="region", aria_label=f"Table: {name}")[
        h.table[
            h.thead[h.tr[[h.th(scope="col")[column] for column in table.columns]]],
            h.tbody[[_row(row) for row in table.rows]],
        ]
    ]


def _row(cells: Sequence[str]) -> h.Element:
    first, *others = cells
    return h.tr[h.th(scope="row")[first], [h.td[cell] for cell in others]]


def anchor(name: str) -> str:
    """A name as the id of an element.

    >>> anchor("Errors a minute: 20261125-083000-a1b2")
    'errors-a-minute-20261125-083000-a1b2'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "chart"


def bottom_axis(scale: Scale, ticks: Sequence[Tick], top: float, bottom: float) -> list[h.Element]:
    """Ticks below, each with a thin line up."""
    return [
        h.g(class_="tick")[
            h.line(x1=f"{scale.at(tick.value):g}", x2=f"{scale.at(tick.value):g}", y1=f"{top:g}", y2=f"{bottom:g}"),
            words(scale.at(tick.value), bottom + 16, tick.label, "middle"),
        ]
        for tick in ticks
    ]


def left_axis(scale: Scale, ticks: Sequence[Tick], left: float, right: float) -> list[h.Element]:
    """Ticks on the left, each with a thin line across."""
    return [
        h.g(class_="tick")[
            h.line(x1=f"{left:g}", x2=f"{right:g}", y1=f"{scale.at(tick.value):g}", y2=f"{scale.at(tick.value):g}"),
            words(left - 6, scale.at(tick.value) + 4, tick.label, "end"),
        ]
        for tick in ticks
    ]


def limit_line(up: Scale, value: float, name: str) -> h.Element:
    """What is tolerated, across the drawing; its name stands above it where there is room."""
    y = up.at(value)
    return h.g(class_="limit")[
        h.line(x1=f"{LEFT}", x2=f"{WIDTH - RIGHT}", y1=f"{y:g}", y2=f"{y:g}"),
        words(WIDTH - RIGHT - 2, y - 4 if y > TOP + 14 else y + 12, name, "end"),
    ]


def words(x: float, y: float, text: str, anchored: str = "start", class_: str = "") -> h.Element:
    """A text in a drawing."""
    return h.text(x=f"{x:g}", y=f"{y:g}", text_anchor=anchored, class_=class_ or None)[text]


def shortened(text: str, most: int) -> str:
    """A label that fits; the table has it whole."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
