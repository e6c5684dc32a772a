"""The graph that X-Ray makes of the segments that services sent: who called whom, how often, with what result.

A downstream call is a subsegment with a namespace; where the service that was called sent a segment of its own, that is
its node, else the call's name is ("inferred segments"). Who starts a trace is called by its client.
Sources: https://docs.aws.amazon.com/xray/latest/devguide/aws-xray-interface-api.html and
https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Segment = Mapping[str, Any]
Node = tuple[str, str]
_CLIENT: Final = "client"


@dataclass
class _Statistics:
    """Calls that were counted."""

    ok: int = 0
    error: int = 0
    throttled: int = 0
    fault: int = 0
    seconds: float = 0.0

    def add(self, call: Segment) -> None:
        self.seconds += max(0.0, call.get("end_time", call["start_time"]) - call["start_time"])
        if call.get("fault"):
            self.fault += 1
        elif call.get("error"):
            self.error += 1
            self.throttled += bool(call.get("throttle"))
        else:
            self.ok += 1

    def document(self) -> dict[str, Any]:
        return {
            "OkCount": self.ok,
            "ErrorStatistics": {
                "ThrottleCount": self.throttled,
                "OtherCount": self.error - self.throttled,
                "TotalCount": self.error,
            },
            "FaultStatistics": {"OtherCount": self.fault, "TotalCount": self.fault},
            "TotalCount": self.ok + self.error + self.fault,
            "TotalResponseTime": self.seconds,
        }


@dataclass
class _Graph:
    nodes: dict[Node, _Statistics] = field(default_factory=dict)
    edges: dict[tuple[Node, Node], _Statistics] = field(default_factory=dict)

    def call(self, caller: Node, called: Node, call: Segment) -> None:
        self.nodes.setdefault(caller, _Statistics())
        self.nodes.setdefault(called, _Statistics()).add(call)
        self.edges.setdefault((caller, called), _Statistics()).add(call)


def service_graph(segments: Iterable[Segment], start: float, end: float) -> list[dict[str, Any]]:
    """The services of the segments that began in that time, as `GetServiceGraph` gives them."""
    graph = _Graph()
    inside = [segment for segment in segments if start <= segment["start_time"] < end]
    parents = {segment["parent_id"]: segment for segment in inside if segment.get("parent_id")}
    for segment in inside:
        node = _node(segment)
        if not segment.get("parent_id"):
            graph.call((segment["name"], _CLIENT), node, segment)
        for call in _calls(segment):
            own = parents.get(call["id"])
            graph.call(node, (call["name"], _kind(call)) if own is None else _node(own), call)
    return _services(graph)


def _services(graph: _Graph) -> list[dict[str, Any]]:
    numbers = {node: number for number, node in enumerate(graph.nodes)}
    return [
        {
            "ReferenceId": numbers[node],
            "Name": node[0],
            "Names": [node[0]],
            "Root": any(caller[1] == _CLIENT for caller, called in graph.edges if called == node),
            "Type": node[1],
            "State": "unknown" if node[1] == _CLIENT else "active",
            "Edges": [
                {"ReferenceId": numbers[called], "SummaryStatistics": calls.document(), "Aliases": []}
                for (caller, called), calls in graph.edges.items()
                if caller == node
            ],
            "SummaryStatistics": statistics.document(),
        }
        for node, statistics in graph.nodes.items()
    ]


def _node(segment: Segment) -> Node:
    return segment["name"], segment.get("origin") or "unknown"


def _calls(segment: Segment) -> Iterator[Segment]:
    """Downstream calls, also those within parts of a segment."""
    for inner in segment.get("subsegments") or ():
        if inner.get("namespace") in ("aws", "remote"):
            yield inner
        else:
            yield from _calls(inner)


def _kind(call: Segment) -> str:
    if call.get("sql"):
        return "Database::SQL"
    return f"AWS::{call['name']}" if call["namespace"] == "aws" else "remote"
