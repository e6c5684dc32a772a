"""What a program declared, and the resource graph in it."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from google.protobuf import struct_pb2

from preview.errors import GraphError
from preview.registration import Registration
from pricing.placement import placed_all, provider_urn
from pricing.resource import STACK_TYPE, Graph, Plain, urn_name, urn_type


@dataclass(frozen=True, kw_only=True)
class Recording:
    """One run of a program: registrations in canonical order, stack outputs, and what the program reported.

    `unseen` says where resources may be created that this run could not see, `unanswered` which data sources said
    nothing.
    """

    registrations: tuple[Registration, ...]
    component_outputs: Mapping[str, struct_pb2.Struct] = field(default_factory=dict)
    outputs: Mapping[str, Plain] = field(default_factory=dict)
    secret_outputs: frozenset[str] = frozenset()
    diagnostics: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    stdout: str = ""
    stderr: str = ""

    @property
    def graph(self) -> Graph:
        """The resources that the stack would have, and apart from them those only looked up."""
        return Graph(placed_all((record.resource(), record.provider) for record in self.registrations))


def in_order(registrations: Iterable[Registration]) -> tuple[Registration, ...]:
    """The stack, then parents and dependencies before what needs them, ties by URN: the same in every run.

    Raises:
        GraphError: resources need each other in a circle, so no engine could create them.
    """
    records = {record.urn: record for record in registrations}
    waiting: dict[str, set[str]] = {}
    followers: dict[str, list[str]] = {}
    for urn, record in records.items():
        needs = {
            need for need in (record.parent, *record.dependencies, provider_urn(record.provider)) if need in records
        }
        waiting[urn] = needs
        for need in needs:
            followers.setdefault(need, []).append(urn)
    ready = [_rank(records[urn]) for urn, needs in waiting.items() if not needs]
    heapq.heapify(ready)
    ordered: list[Registration] = []
    while ready:
        _, urn = heapq.heappop(ready)
        ordered.append(records[urn])
        for follower in followers.get(urn, ()):
            waiting[follower].discard(urn)
            if not waiting[follower]:
                heapq.heappush(ready, _rank(records[follower]))
    if len(ordered) < len(records):
        raise GraphError(_circle({urn: needs for urn, needs in waiting.items() if needs}))
    return tuple(ordered)


def _circle(waiting: Mapping[str, set[str]]) -> str:
    """One circle among resources each of which waits for another one of them."""
    path: dict[str, None] = {}
    urn = min(waiting)
    while urn not in path:
        path[urn] = None
        urn = min(need for need in waiting[urn] if need in waiting)
    circle = list(path)[list(path).index(urn) :]
    names = " -> ".join(f"{urn_name(entry)} ({urn_type(entry)})" for entry in [*circle, urn])
    return f"resources depend on each other in a circle: {names}; remove one of the dependencies"


def _rank(record: Registration) -> tuple[bool, str]:
    return record.type != STACK_TYPE, record.urn
