"""What a program declared, and the resource graph in it."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from google.protobuf import struct_pb2

from preview.registration import Registration
from pricing.placement import placed_all, provider_urn
from pricing.resource import STACK_TYPE, Graph, Plain


@dataclass(frozen=True, kw_only=True)
class Recording:
    """One run of a program: registrations in canonical order, stack outputs, and what the program reported."""

    registrations: tuple[Registration, ...]
    component_outputs: Mapping[str, struct_pb2.Struct] = field(default_factory=dict)
    outputs: Mapping[str, Plain] = field(default_factory=dict)
    secret_outputs: frozenset[str] = frozenset()
    diagnostics: tuple[str, ...] = ()
    stdout: str = ""
    stderr: str = ""

    @property
    def graph(self) -> Graph:
        """The resources that the stack would have, and apart from them those only looked up."""
        return Graph(placed_all((record.resource(), record.provider) for record in self.registrations))


def in_order(registrations: Iterable[Registration]) -> tuple[Registration, ...]:
    """The stack, then parents and dependencies before what needs them, ties by URN: the same in every run."""
    records = {record.urn: record for record in registrations}
    waiting: dict[str, set[str]] = {}
    followers: dict[str, list[str]] = {}
    for urn, record in records.items():
        needs = {
            need for need in (record.parent, *record.dependencies, provider_urn(record.provider)) if need in records
        }
        needs.discard(urn)
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
    return tuple(ordered)


def _rank(record: Registration) -> tuple[bool, str]:
    return record.type != STACK_TYPE, record.urn
