"""What one run of the pack remembers between its policies: the inputs it has seen, what it said, what went wrong."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from pricing.resource import Graph, Resource


@dataclass(frozen=True)
class Finding:
    """One sentence for one offender."""

    message: str
    urn: str | None = None


@dataclass(frozen=True)
class Said:
    """A finding as it was reported."""

    policy: str
    level: str
    finding: Finding


@dataclass
class Memory:
    """Filled by resource policies in several threads, read by stack policies."""

    _declared: dict[str, Resource] = field(default_factory=dict)
    _graph: Graph = field(default_factory=lambda: Graph(()))
    _said: dict[Said, None] = field(default_factory=dict)
    _failures: dict[str, None] = field(default_factory=dict)
    _levels: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, resource: Resource) -> None:
        """Remembers a resource with its inputs: outputs, which stack policies get, may lack them at preview."""
        with self._lock:
            self._declared[resource.urn] = resource
            self._graph.add(resource)

    def graph_with(self, resource: Resource) -> Graph:
        """All resources seen so far, and this one: of what was kept, a graph that grows with what is kept later."""
        with self._lock:
            if self._declared.get(resource.urn) is resource:
                return self._graph
            return Graph({**self._declared, resource.urn: resource})

    def declared(self) -> dict[str, Resource]:
        """All resources seen so far by URN."""
        with self._lock:
            return dict(self._declared)

    def note(self, policy: str, level: str, finding: Finding) -> None:
        """Remembers what a policy reported."""
        with self._lock:
            self._said[Said(policy, level, finding)] = None

    def said(self) -> list[Said]:
        """All that was reported, each once, in order."""
        with self._lock:
            return list(self._said)

    def fail(self, message: str) -> None:
        """Remembers that a policy could not run."""
        with self._lock:
            self._failures[message] = None

    def failures(self) -> list[str]:
        """Why policies could not run, each once."""
        with self._lock:
            return list(self._failures)

    def begin(self, levels: Mapping[str, str]) -> None:
        """Forgets what was, and remembers the level that each policy was given."""
        self.clear()
        with self._lock:
            self._levels.update(levels)

    def levels(self) -> dict[str, str]:
        """The level of each policy as it was given; empty where nobody said."""
        with self._lock:
            return dict(self._levels)

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._declared.clear()
            self._graph = Graph(())
            self._said.clear()
            self._failures.clear()
            self._levels.clear()


MEMORY = Memory()
