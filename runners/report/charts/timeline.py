"""What happened in a run, lane by lane: the fault, its phases, each alarm, recovery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import htpy as h

from runners.report.charts.figure import BOTTOM, RIGHT, TOP, WIDTH, Table, bottom_axis, figure, shortened, words
from runners.report.charts.scale import Scale, time_scale, time_ticks

_LANE: Final = 24
_LABELS: Final = 150


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that lasted, or happened at once when `ended` is None; `kind` is its class on the page."""

    lane: str
    name: str
    kind: str
    began: datetime
    ended: datetime | None = None


def timeline_chart(name: str, title: str, finding: str, events: Sequence[Event]) -> h.Element:
    """Events in lanes, in the order in which lanes are first named; there is at least one."""
    lanes = list(dict.fromkeys(event.lane for event in events))
    bottom = TOP + _LANE * len(lanes)
    moments = [moment for event in events for moment in (event.began, event.ended) if moment is not None]
    across = time_scale(moments, _LABELS, WIDTH - RIGHT)
    drawn = [
        bottom_axis(across, time_ticks(across, 5), TOP, bottom),
        [words(_LABELS - 8, _top(lanes.index(lane)) + 15, shortened(lane, 22), "end") for lane in lanes],
        [_event(across, _top(lanes.index(event.lane)), event) for event in events],
    ]
    return figure(name, title, finding, bottom + BOTTOM, drawn, _table(events))


def _top(lane: int) -> float:
    return TOP + _LANE * lane


def _event(across: Scale, top: float, event: Event) -> h.Element:
    x = across.at(event.began.timestamp())
    if event.ended is None:
        return h.g(class_=event.kind)[
            h.path(class_="moment", d=f"M{x:g},{top + 5:g}l6,7l-6,7l-6,-7z")[h.title[_told(event)]]
        ]
    width = max(across.at(event.ended.timestamp()) - x, 2)
    return h.g(class_=event.kind)[
        h.rect(x=f"{x:g}", y=f"{top + 4:g}", width=f"{width:.1f}", height=f"{_LANE - 8}", rx="2")[h.title[_told(event)]]
    ]


def _told(event: Event) -> str:
    if event.ended is None:
        return f"{event.name}, {event.began:%H:%M:%S} UTC"
    seconds = (event.ended - event.began).total_seconds()
    return f"{event.name}, {event.began:%H:%M:%S} to {event.ended:%H:%M:%S} UTC, {seconds:.0f} s"


def _table(events: Sequence[Event]) -> Table:
    rows = [
        (
            event.name,
            event.lane,
            f"{event.began:%H:%M:%S}",
            "" if event.ended is None else f"{event.ended:%H:%M:%S}",
            "" if event.ended is None else f"{(event.ended - event.began).total_seconds():.0f}",
        )
        for event in sorted(events, key=lambda event: event.began)
    ]
    return Table(columns=("What", "Where", "From (UTC)", "Until (UTC)", "Seconds"), rows=rows)
