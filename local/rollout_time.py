"""The time in which versions are rolled out: the rehearsal's, while there is one, and never backwards."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime


class RolloutTime:
    """Follows a rehearsal's time; without one, this machine's."""

    def __init__(self, rehearsed: Callable[[], float | None]) -> None:
        self._rehearsed, self._latest = rehearsed, 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        held = self._rehearsed()
        self._latest = max(self._latest, time.time() if held is None else held)
        return self._latest


def moment(seconds: float) -> datetime:
    """As moto's answers have times."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
