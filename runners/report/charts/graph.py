"""Who calls whom: services in columns by their distance from the users, edges with rate, errors and time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import htpy as h
from htpy import Node

from runners.report.charts.figure import TOP, WIDTH, Table, figure, shortened, words
from runners.report.charts.scale import written

_ROW: Final = 64
_BOX: Final = (132, 40)


@dataclass(frozen=True, kw_only=True)
class Call:
    """Calls from one service to another, counted over some time."""

    caller: str
    called: str
    count: int
    failed: int
    seconds: float | None

    @property
    def share_failed(self) -> float:
        """Failed calls as a share of all."""
        return self.failed / self.count if self.count else 0.0


def graph_chart(name: str, title: str, finding: str, calls: Sequence[Call]) -> h.Element:
    """A map of calls; there is at least one."""
    columns = _columns(calls)
    deepest = max(len(services) for services in columns)
    places = _places(columns)
    drawn: list[Node] = [
        [_edge(places, call) for call in calls if call.caller != call.called],
        [_service(place, service) for service, place in places.items()],
    ]
    return figure(name, title, finding, TOP * 2 + _ROW * deepest, drawn, _table(calls))


def _columns(calls: Sequence[Call]) -> list[list[str]]:
    """Services by the fewest calls from somebody whom nobody calls; circles end where they began."""
    called = {call.called for call in calls if call.called != call.caller}
    services = list(dict.fromkeys(name for call in calls for name in (call.caller, call.called)))
    front = [service for service in services if service not in called] or services[:1]
    columns: list[list[str]] = []
    left = [service for service in services if service not in front]
    while front:
        columns.append(front)
        after = {call.called for call in calls if call.caller in front}
        front = [service for service in left if service in after]
        left = [service for service in left if service not in after]
    return [*columns, left] if left else columns


def _places(columns: Sequence[Sequence[str]]) -> dict[str, tuple[float, float]]:
    gap = (WIDTH - _BOX[0] - 4) / max(len(columns) - 1, 1)
    return {
        service: (2 + gap * column, TOP + _ROW * row)
        for column, services in enumerate(columns)
        for row, service in enumerate(services)
    }


def _service(place: tuple[float, float], service: str) -> h.Element:
    x, y = place
    width, height = _BOX
    return h.g(class_="service")[
        h.rect(x=f"{x:g}", y=f"{y:g}", width=f"{width}", height=f"{height}", rx="6"),
        words(x + width / 2, y + height / 2 + 4, shortened(service, 18), "middle"),
    ]


def _edge(places: Mapping[str, tuple[float, float]], call: Call) -> h.Element:
    (x1, y1), (x2, y2) = places[call.caller], places[call.called]
    start, end = x1 + _BOX[0], x2
    middle, y1, y2 = _BOX[1] / 2, y1 + _BOX[1] / 2, y2 + _BOX[1] / 2
    if end <= start:
        # Back, or within a column: around below.
        start, end, y1, y2 = x1 + middle, x2 + middle, y1 + middle, y2 + middle
    bend = (start + end) / 2
    failing = " failing" if call.failed else ""
    return h.g(class_=f"call{failing}")[
        h.path(d=f"M{start:g},{y1:g}C{bend:g},{y1:g} {bend:g},{y2:g} {end:g},{y2:g}")[
            h.title[f"{call.caller} to {call.called}: {_told(call)}"]
        ],
        h.path(class_="head", d=f"M{end:g},{y2:g}l-7,-4v8z"),
    ]


def _told(call: Call) -> str:
    time = "" if call.seconds is None else f", {written(call.seconds * 1000)} ms on average"
    return f"{call.count:,} calls, {call.share_failed:.1%} failed{time}"


def _table(calls: Sequence[Call]) -> Table:
    rows = [
        (
            call.caller,
            call.called,
            f"{call.count:,}",
            f"{call.share_failed:.1%}",
            "not known" if call.seconds is None else written(call.seconds * 1000),
        )
        for call in calls
    ]
    return Table(columns=("From", "To", "Calls", "Failed", "Average ms"), rows=rows)
