"""Requests beside those of the users, while a fault is there: a port."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from contract.experiments import Load


@dataclass(frozen=True, kw_only=True)
class LoadReport:
    """What became of the requests. Latencies are those of answers, from when a request was to be sent.

    wanted: those whose time had come when the load was ended. sent: those of them that got out, for which one of the
    senders was free in time. answered: those of these that the service answered, with whatever status; a redirect is
    no answer of the service, and is never followed. failed: those that were sent and got no answer with a status 2xx,
    redirects and what was still under way at the end included; redirected: those of them that were sent elsewhere;
    unanswered: those of them that the service has got and not answered in time, or at all.
    """

    wanted: int
    sent: int
    answered: int
    failed: int
    redirected: int
    unanswered: int
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None

    def document(self) -> dict[str, Any]:
        """As it stands in the record."""
        return {
            "wanted": self.wanted,
            "sent": self.sent,
            "answered": self.answered,
            "failed": self.failed,
            "redirected": self.redirected,
            "unanswered": self.unanswered,
            "p50Ms": self.p50_ms,
            "p95Ms": self.p95_ms,
            "p99Ms": self.p99_ms,
        }


class LoadSource(Protocol):
    """Sends requests at a constant rate, whatever the answers take, and ends by itself after the load's seconds."""

    def begin(self, load: Load) -> None:
        """Starts sending; returns at once.

        Raises:
            RunnerError: there is nothing to send to.
        """

    def end(self) -> LoadReport | None:
        """Stops sending, in seconds at most; None when nothing is known of the answers. May be called again."""
