"""Load over HTTP at a constant rate, whatever the answers take: an open loop.

A closed loop waits for slow answers and so sends less exactly when the service is slow. Here every request has its
time from the beginning, and its latency counts from that time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from runners.chaos.load import LoadReport
from runners.chaos_outputs import Load

MOST_WORKERS: Final = 64
MOST_REQUESTS: Final = 100_000
_TIMEOUT_SECONDS: Final = 10.0

Send = Callable[[str], int]


@dataclass
class OpenLoop:
    """Sends to `base`, the stack's own load balancer, and nowhere else."""

    base: Callable[[], str]
    send: Send = field(default_factory=lambda: _sender())
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _latencies: list[float] = field(default_factory=list)
    _errors: int = 0
    _sent: int = 0

    def begin(self, load: Load) -> None:
        """Starts sending; returns at once."""
        address = self.base().rstrip("/") + "/" + load.path.lstrip("/")
        self._stop.clear()
        self._thread = threading.Thread(target=self._drive, args=(load, address), daemon=True)
        self._thread.start()

    def end(self) -> LoadReport | None:
        """Stops sending, waits for the answers that are under way, and reports."""
        if self._thread is None:
            return None
        self._stop.set()
        self._thread.join()
        found = sorted(self._latencies)
        return LoadReport(
            sent=self._sent,
            answered=len(found),
            errors=self._errors,
            p50_ms=_share(found, 0.50),
            p95_ms=_share(found, 0.95),
            p99_ms=_share(found, 0.99),
        )

    def _drive(self, load: Load, address: str) -> None:
        count = min(MOST_REQUESTS, load.requests_per_second * load.seconds)
        begun = time.monotonic()
        with ThreadPoolExecutor(MOST_WORKERS) as workers:
            for number in range(count):
                due = begun + number / load.requests_per_second
                if self._stop.wait(max(0.0, due - time.monotonic())):
                    workers.shutdown(wait=True, cancel_futures=True)
                    return
                self._sent += 1
                workers.submit(self._one, address, due)

    def _one(self, address: str, due: float) -> None:
        try:
            failed = self.send(address) >= 500
        except OSError:
            failed = True
        self._latencies.append((time.monotonic() - due) * 1000)
        if failed:
            self._errors += 1


def _sender() -> Send:
    import urllib3

    pool = urllib3.PoolManager(maxsize=MOST_WORKERS, retries=False, timeout=_TIMEOUT_SECONDS)

    def send(address: str) -> int:
        try:
            return int(pool.request("GET", address).status)
        except urllib3.exceptions.HTTPError as error:
            raise OSError(str(error)) from error

    return send


def _share(ordered: list[float], share: float) -> float | None:
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1) if ordered else None
