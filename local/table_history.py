"""What a table held at any time since point-in-time recovery was switched on. Pure; items are JSON texts."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field


@dataclass
class TableHistory:
    """The state at the beginning, and every write since, in order. Times in seconds since 1970; None deletes."""

    began: float
    baseline: dict[str, str]
    _times: list[float] = field(default_factory=list)
    _writes: list[tuple[str, str | None]] = field(default_factory=list)

    def record(self, at: float, key: str, item: str | None) -> None:
        """Keeps a write. One that comes late counts as now: no write may change the past."""
        self._times.append(max(at, self._times[-1]) if self._times else at)
        self._writes.append((key, item))

    def as_of(self, at: float) -> dict[str, str]:
        """Every item as it was at a time; writes of that very moment count."""
        state = dict(self.baseline)
        for key, item in self._writes[: bisect.bisect_right(self._times, at)]:
            if item is None:
                state.pop(key, None)
            else:
                state[key] = item
        return state
