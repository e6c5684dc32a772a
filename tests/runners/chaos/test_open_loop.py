"""Load over HTTP against a server of the tests' own: its rate does not follow the answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from runners.chaos.open_loop import OpenLoop
from runners.chaos_outputs import Load


class Slow(BaseHTTPRequestHandler):
    """Answers after a while; every path but /good is an error."""

    seen: list[tuple[float, str]] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.seen.append((time.monotonic(), self.path))
        time.sleep(0.2)
        self.send_response(200 if self.path == "/good" else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    Slow.seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_slow_answers_do_not_slow_the_rate(address: str) -> None:
    loop = OpenLoop(lambda: address)
    loop.begin(Load(requests_per_second=20, seconds=1, path="/good"))
    time.sleep(1.5)
    report = loop.end()
    assert report is not None
    assert (report.sent, report.answered, report.errors) == (20, 20, 0)
    # One after the other they would have taken four seconds.
    assert Slow.seen[-1][0] - Slow.seen[0][0] < 2.5
    assert report.p50_ms is not None
    assert report.p50_ms >= 200


def test_errors_are_counted(address: str) -> None:
    loop = OpenLoop(lambda: address)
    loop.begin(Load(requests_per_second=10, seconds=1, path="/bad"))
    time.sleep(1.3)
    report = loop.end()
    assert report is not None
    assert report.errors == report.sent == 10


def test_nobody_there_is_an_error_too() -> None:
    loop = OpenLoop(lambda: "http://127.0.0.1:9")
    loop.begin(Load(requests_per_second=5, seconds=1, path="/"))
    time.sleep(1.2)
    report = loop.end()
    assert report is not None
    assert report.errors == 5


def test_it_ends_when_told(address: str) -> None:
    loop = OpenLoop(lambda: address)
    assert loop.end() is None
    loop.begin(Load(requests_per_second=10, seconds=600, path="/good"))
    time.sleep(0.4)
    report = loop.end()
    assert report is not None
    assert report.sent < 20
