"""What one run of the pack remembers between its policies: the inputs it has seen, what it said, what went wrong."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from pricing.resource import Resource


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
    _said: dict[Said, None] = field(default_factory=dict)
    _failures: dict[str, None] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, resource: Resource) -> None:
        """Remembers a resource with its inputs: outputs, which stack policies get, may lack them at preview."""
        with self._lock:
            self._declared[resource.urn] = resource

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

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._declared.clear()
            self._said.clear()
            self._failures.clear()


MEMORY = Memory()
