"""Stand-ins for a run: a clock that waits in no time, records and leases in memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from contract.run_table import TURN_LENGTH
from runners.runs.clock import Clock
from runners.runs.lease import Lease, LeaseHeldError, LeaseLostError


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
        self.archived: dict[str, tuple[str, Mapping[str, Any]]] = {}

    def archive(self, run: str, kind: str, document: Mapping[str, Any]) -> None:
        self.archived[run] = (kind, json.loads(json.dumps(document)))

    def put(self, run: str, step: str, document: Mapping[str, Any]) -> None:
        self._held.setdefault(run, {})[step] = json.dumps(document)

    def get(self, run: str, step: str) -> Mapping[str, Any] | None:
        text = self._held.get(run, {}).get(step)
        return None if text is None else json.loads(text)

    def all(self, run: str) -> Mapping[str, Mapping[str, Any]]:
        return {step: json.loads(text) for step, text in sorted(self._held.get(run, {}).items())}

    def snapshot(self) -> Self:
        return self


class MemoryLeases:
    """Leases that last as long as the test; they pass the contract tests of the stack's table."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: dict[str, Lease] = {}

    def now(self) -> datetime:
        return self._clock.now()

    def holder(self, name: str) -> str | None:
        held = self._held.get(name)
        return None if held is None or held.until <= self._clock.now() else f"{held.owner} holds the lease {name}"

    def acquire(self, name: str, owner: str) -> Lease:
        held, now = self._held.get(name), self._clock.now()
        if held is not None and held.owner != owner and held.until > now:
            msg = f"{held.owner} holds the lease {name}"
            raise LeaseHeldError(msg)
        self._held[name] = Lease(name, owner, held.fence + 1 if held else 1, now + TURN_LENGTH)
        return self._held[name]

    def renew(self, lease: Lease) -> Lease:
        held = self._held.get(lease.name)
        if held is None or (held.owner, held.fence) != (lease.owner, lease.fence):
            msg = f"the lease {lease.name} was lost to somebody else"
            raise LeaseLostError(msg)
        self._held[lease.name] = replace(lease, until=self._clock.now() + TURN_LENGTH)
        return self._held[lease.name]

    def release(self, lease: Lease) -> None:
        held = self._held.get(lease.name)
        if held is not None and (held.owner, held.fence) == (lease.owner, lease.fence):
            self._held[lease.name] = replace(held, until=datetime.fromtimestamp(0, UTC))
