"""Load over HTTP at a constant rate, whatever the answers take: an open loop.

A closed loop waits for slow answers and so sends less exactly when the service is slow. Here every request has its
time from the beginning, and its latency counts from that time.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from contract.experiments import Load
from runners.chaos.load import LoadReport
from runners.chaos.running.named_requests import named_pool

# Enough for 12 requests a second that all wait until they are given up.
MOST_WORKERS: Final = 256
MOST_REQUESTS: Final = 100_000
# A load balancer gives a target that does not answer up after 10 s, and counts its own 504 only while somebody waits.
# Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
_TIMEOUT_SECONDS: Final = 20.0
# How long the end waits for answers that are under way: whoever ends a load has a fault to look after.
_GRACE_SECONDS: Final = 2.0

# The status of the answer, None when it was sent and not answered; an OSError when it did not get there.
Send = Callable[[str], int | None]


@dataclass
class OpenLoop:
    """Sends to `base`, the stack's own load balancer, under the service's name, and nowhere else."""

    base: Callable[[], str]
    host_name: str | None = None
    _sending: _Sending | None = field(default=None, init=False)

    def begin(self, load: Load) -> None:
        """Starts sending; returns at once."""
        self.end()
        address = self.base().rstrip("/") + "/" + load.path.lstrip("/")
        self._sending = _Sending(load, address, _sender(self.host_name))

    def end(self) -> LoadReport | None:
        """Stops sending, gives answers that are under way two seconds, gives up what waits, and reports."""
        return self._sending.end() if self._sending is not None else None


class _Sending:
    """One load that is being sent. Its threads are daemons: an answer that hangs must not keep the process alive."""

    def __init__(self, load: Load, address: str, send: Send) -> None:
        self._load, self._address, self._send = load, address, send
        self._lock = threading.Lock()
        self._work, self._settled = threading.Condition(self._lock), threading.Condition(self._lock)
        self._over = threading.Event()
        self._waiting: deque[float] = deque()
        self._workers = self._idle = self._under_way = 0
        self._wanted = self._sent = self._answered = self._unanswered = self._redirected = self._good = 0
        self._latencies: list[float] = []
        self._report: LoadReport | None = None
        threading.Thread(target=self._drive, daemon=True).start()

    def end(self) -> LoadReport:
        """Ends it, once; the same report again after that."""
        self._over.set()
        with self._lock:
            if self._report is None:
                self._work.notify_all()
                self._settled.wait_for(lambda: self._under_way == 0, _GRACE_SECONDS)
                self._report = self._reported()
            return self._report

    def _reported(self) -> LoadReport:
        found = sorted(self._latencies)
        return LoadReport(
            wanted=self._wanted,
            sent=self._sent,
            answered=self._answered,
            failed=self._sent - self._good,
            redirected=self._redirected,
            # What is under way has been sent, and its answer is not waited for.
            unanswered=self._unanswered + self._under_way,
            p50_ms=_share(found, 0.50),
            p95_ms=_share(found, 0.95),
            p99_ms=_share(found, 0.99),
        )

    def _drive(self) -> None:
        load = self._load
        begun = time.monotonic()
        for number in range(min(MOST_REQUESTS, load.requests_per_second * load.seconds)):
            due = begun + number / load.requests_per_second
            if self._over.wait(max(0.0, due - time.monotonic())):
                return
            with self._lock:
                self._wanted += 1
                self._waiting.append(due)
                if len(self._waiting) > self._idle and self._workers < MOST_WORKERS:
                    self._workers += 1
                    threading.Thread(target=self._serve, daemon=True).start()
                self._work.notify()

    def _serve(self) -> None:
        while (due := self._next()) is not None:
            status, arrived = None, False
            try:
                status = self._send(self._address)
                arrived = True
            except OSError:
                pass
            finally:
                self._settle(due, status, arrived=arrived)

    def _next(self) -> float | None:
        """When the next request was due; None when the load is over."""
        with self._lock:
            self._idle += 1
            self._work.wait_for(lambda: self._waiting or self._over.is_set())
            self._idle -= 1
            if self._over.is_set():
                return None
            self._sent += 1
            self._under_way += 1
            return self._waiting.popleft()

    def _settle(self, due: float, status: int | None, *, arrived: bool) -> None:
        with self._lock:
            self._under_way -= 1
            self._settled.notify_all()
            if status is None:
                self._unanswered += arrived
                return
            if 300 <= status < 400:
                self._redirected += 1
                return
            self._answered += 1
            self._good += 200 <= status < 300
            self._latencies.append((time.monotonic() - due) * 1000)


def _sender(host_name: str | None) -> Send:
    import urllib3

    pool = named_pool(host_name, connections=MOST_WORKERS, seconds=_TIMEOUT_SECONDS)

    def send(address: str) -> int | None:
        try:
            return int(pool.request("GET", address, redirect=False).status)
        except (urllib3.exceptions.ReadTimeoutError, urllib3.exceptions.ProtocolError):
            return None
        except urllib3.exceptions.HTTPError as error:
            raise OSError(str(error)) from error

    return send


def _share(ordered: list[float], share: float) -> float | None:
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1) if ordered else None
