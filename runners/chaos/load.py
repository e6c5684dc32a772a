"""Requests beside those of the users, while a fault is there: a port."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from runners.chaos_outputs import Load


@dataclass(frozen=True, kw_only=True)
class LoadReport:
    """What became of the requests. Latencies count from when a request was to be sent, not from when it was."""

    sent: int
    answered: int
    errors: int
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None

    def document(self) -> dict[str, Any]:
        """As it stands in the record."""
        return {
            "sent": self.sent,
            "answered": self.answered,
            "errors": self.errors,
            "p50Ms": self.p50_ms,
            "p95Ms": self.p95_ms,
            "p99Ms": self.p99_ms,
        }


class LoadSource(Protocol):
    """Sends requests at a constant rate, whatever the answers take, and ends by itself after the load's seconds."""

    def begin(self, load: Load) -> None:
        """Starts sending; returns at once."""

    def end(self) -> LoadReport | None:
        """Stops sending; None when nothing is known of the answers. May be called again."""
