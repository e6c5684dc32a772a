"""Load over HTTP against a server of the tests' own: its rate does not follow the answers, its end does not wait."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from contract.experiments import Load
from runners.chaos.load import LoadReport
from runners.chaos.running.open_loop import MOST_WORKERS, OpenLoop
from tests.runners.certificates import certificate_for

STATUSES = {"/late": 504, "/good": 200, "/created": 201, "/moved": 301, "/missing": 404, "/bad": 503}


class Slow(BaseHTTPRequestHandler):
    """Answers after a while with the status of the path; /hangs at the test's end, /late after 10 s, /gone never."""

    seen: list[tuple[float, str, str]] = []  # noqa: RUF012
    release = threading.Event()

    def do_GET(self) -> None:
        self.seen.append((time.monotonic(), self.path, self.headers["Host"]))
        self.release.wait({"/hangs": 60, "/late": 10.5}.get(self.path, 0.2))
        if self.path == "/gone":
            return
        self.send_response(STATUSES.get(self.path, 503))
        if self.path == "/moved":
            self.send_header("Location", "/good")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[str]:
    """The server, over TLS with a context."""
    Slow.seen.clear()
    Slow.release.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"{'http' if context is None else 'https'}://127.0.0.1:{server.server_address[1]}"
    Slow.release.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def address() -> Iterator[str]:
    with serving() as found:
        yield found


def sent(loop: OpenLoop, path: str, *, rate: int = 10, seconds: int = 1, wait: float = 1.3) -> LoadReport:
    """The report of a load that was ended after a while."""
    loop.begin(Load(requests_per_second=rate, seconds=seconds, path=path))
    time.sleep(wait)
    report = loop.end()
    assert report is not None
    return report


def counts(report: LoadReport) -> tuple[int, int, int, int, int]:
    return report.wanted, report.sent, report.answered, report.failed, report.redirected


def test_slow_answers_do_not_slow_the_rate(address: str) -> None:
    report = sent(OpenLoop(lambda: address), "/good", rate=20, wait=1.5)
    assert counts(report) == (20, 20, 20, 0, 0)
    # One after the other they would have taken four seconds.
    assert Slow.seen[-1][0] - Slow.seen[0][0] < 2.5
    assert report.p50_ms is not None
    assert report.p50_ms >= 200


@pytest.mark.parametrize(
    ("path", "answered", "failed", "redirected"),
    [("/created", 10, 0, 0), ("/moved", 0, 10, 10), ("/missing", 10, 10, 0), ("/bad", 10, 10, 0)],
)
def test_only_2xx_is_no_failure(address: str, path: str, answered: int, failed: int, redirected: int) -> None:
    assert counts(sent(OpenLoop(lambda: address), path)) == (10, 10, answered, failed, redirected)
    # A redirect is not followed: the load goes to the stack's own load balancer only.
    assert {seen[1] for seen in Slow.seen} == {path}


def test_nobody_there_is_no_answer() -> None:
    report = sent(OpenLoop(lambda: "http://127.0.0.1:9"), "/", rate=5, wait=1.2)
    assert counts(report) == (5, 5, 0, 5, 0)
    assert (report.unanswered, report.p50_ms) == (0, None)


def test_the_load_balancers_own_time_out_is_waited_for(address: str) -> None:
    report = sent(OpenLoop(lambda: address), "/late", rate=5, wait=11.2)
    assert counts(report) == (5, 5, 5, 5, 0)
    assert report.unanswered == 0


@pytest.mark.parametrize(("path", "unanswered"), [("/gone", 10), ("/hangs", 10), ("/bad", 0), ("/moved", 0)])
def test_what_got_there_and_was_not_answered_is_told(address: str, path: str, unanswered: int) -> None:
    assert sent(OpenLoop(lambda: address), path, wait=1.1).unanswered == unanswered


def test_what_is_given_up_was_sent(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runners.chaos.running.open_loop._TIMEOUT_SECONDS", 0.1)
    assert sent(OpenLoop(lambda: address), "/good").unanswered == 10


def test_it_ends_when_told(address: str) -> None:
    loop = OpenLoop(lambda: address)
    assert loop.end() is None
    report = sent(loop, "/good", seconds=600, wait=0.4)
    assert 3 <= report.wanted <= 6
    assert loop.end() == report


def test_answers_that_hang_do_not_hold_the_end_up(address: str) -> None:
    loop = OpenLoop(lambda: address)
    loop.begin(Load(requests_per_second=500, seconds=1, path="/hangs"))
    time.sleep(1)
    before = time.monotonic()
    report = loop.end()
    assert time.monotonic() - before < 4
    assert report is not None
    assert report.wanted > MOST_WORKERS + 100
    assert (report.sent, report.answered, report.failed) == (MOST_WORKERS, 0, MOST_WORKERS)
    assert report.unanswered == MOST_WORKERS
    Slow.release.set()
    time.sleep(0.5)
    assert len(Slow.seen) <= MOST_WORKERS, "what waited was sent after the end"
    assert loop.end() == report


def test_its_threads_do_not_keep_the_process_alive(address: str) -> None:
    before = set(threading.enumerate())
    sent(OpenLoop(lambda: address), "/hangs", rate=5, wait=0.5)
    assert all(thread.daemon for thread in set(threading.enumerate()) - before)


def test_the_service_is_asked_by_its_name(address: str) -> None:
    report = sent(OpenLoop(lambda: address, "shop.example.com"), "/good", rate=5)
    assert counts(report) == (5, 5, 5, 0, 0)
    assert {seen[2] for seen in Slow.seen} == {"shop.example.com"}


@pytest.mark.parametrize(("name", "answered"), [("shop.example.com", 5), ("other.example.com", 0), (None, 0)])
def test_over_tls_the_certificate_is_that_of_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str | None, answered: int
) -> None:
    file = certificate_for("shop.example.com", tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with serving(context) as address:
        report = sent(OpenLoop(lambda: address, name), "/good", rate=5)
    assert counts(report) == (5, 5, answered, 5 - answered, 0)
    assert report.unanswered == 0
