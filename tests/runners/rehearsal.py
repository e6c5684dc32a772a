"""Stand-ins for a run: a clock that waits in no time, and records in memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any


class QuickClock:
    """Time that passes only while somebody sleeps, plus a millisecond for each look."""

    def __init__(self, start: datetime = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)) -> None:
        self.time = start

    def now(self) -> datetime:
        self.time += timedelta(milliseconds=1)
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class MemoryRecords:
    """Records that last as long as the test; they pass the contract tests of the stack's table."""

    def __init__(self) -> None:
        self._held: dict[str, dict[str, str]] = {}

    def put(self, run: str, step: str, document: Mapping[str, Any]) -> None:
        self._held.setdefault(run, {})[step] = json.dumps(document)

    def get(self, run: str, step: str) -> Mapping[str, Any] | None:
        text = self._held.get(run, {}).get(step)
        return None if text is None else json.loads(text)

    def all(self, run: str) -> Mapping[str, Mapping[str, Any]]:
        return {step: json.loads(text) for step, text in sorted(self._held.get(run, {}).items())}
