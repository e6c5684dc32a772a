"""The web server of the local cloud: one connection for many requests, none of which sees anything of another."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterable, Iterator

import pytest

from local.web import Environ, Start
from local.web_server import WebServer


def app(environ: Environ, start: Start) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path == "/fails":
        raise RuntimeError("broken")
    if path == "/unread":
        start("200 OK", [])
        return [b"unread"]
    if path == "/none":
        start("204 No Content", [])
        return []
    start("200 OK", [("X-Method", environ["REQUEST_METHOD"])])
    return [b"<", environ["wsgi.input"].read(), b">"]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = WebServer(socket.create_server(("127.0.0.1", 0)).detach(), app)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def connection(port: int) -> Iterator[http.client.HTTPConnection]:
    found = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    yield found
    found.close()


def ask(connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    connection.request(method, path, body)
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_one_connection_serves_many_requests(connection: http.client.HTTPConnection) -> None:
    doors = []
    for body in (b"a", b"", b"b" * 100_000):
        assert ask(connection, "POST", "/echo", body) == (200, b"<" + body + b">")
        assert connection.sock is not None
        doors.append(connection.sock.getsockname())
    assert len(set(doors)) == 1


def test_a_body_in_chunks_is_read_as_one(connection: http.client.HTTPConnection) -> None:
    connection.request("PUT", "/echo", iter([b"ab", b"c"]), encode_chunked=True)
    assert connection.getresponse().read() == b"<abc>"
    assert ask(connection, "GET", "/echo") == (200, b"<>")


def test_what_is_left_unread_is_not_the_next_request(connection: http.client.HTTPConnection) -> None:
    assert ask(connection, "POST", "/unread", b"DELETE /echo HTTP/1.1\r\n\r\n") == (200, b"unread")
    assert ask(connection, "POST", "/echo", b"x") == (200, b"<x>")


@pytest.mark.parametrize(("method", "path", "status"), [("HEAD", "/echo", 200), ("GET", "/none", 204)])
def test_answers_without_body(connection: http.client.HTTPConnection, method: str, path: str, status: int) -> None:
    assert ask(connection, method, path) == (status, b"")
    assert ask(connection, "POST", "/echo", b"x") == (200, b"<x>")


def test_a_fault_is_told_in_the_log_and_ends_nothing(
    connection: http.client.HTTPConnection, capfd: pytest.CaptureFixture[str]
) -> None:
    assert ask(connection, "GET", "/fails")[0] == 500
    assert "RuntimeError: broken" in capfd.readouterr().err
    assert ask(connection, "POST", "/echo", b"x") == (200, b"<x>")


def test_who_asks_first_is_told_to_send(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as raw:
        raw.sendall(b"PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        # Nothing of the body is sent yet: an answer that waits for it would never come.
        assert raw.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        raw.sendall(b"ab")
        assert raw.recv(1000).endswith(b"<ab>")
