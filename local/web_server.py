"""The local cloud's web server: connections stay open, as they do at AWS, and each answer is one piece.

Werkzeug's development server takes a connection and a thread for each request, and keeps both for ten milliseconds
after it.
"""

from __future__ import annotations

import io
import socket
import sys
import traceback
from http.server import ThreadingHTTPServer
from typing import Any, Final

from werkzeug.serving import WSGIRequestHandler

from local.web import Environ, Wsgi

_BODILESS: Final = (204, 304)
_FAULT: Final = ("500 Internal Server Error", [("Content-Type", "text/plain")], b"the local cloud failed; see its log")


class WebServer(ThreadingHTTPServer):
    """Serves one WSGI application, each connection in a thread of its own."""

    daemon_threads = True
    # The clients of a busy runner come all at once.
    request_queue_size = 128
    # What werkzeug's handler asks of its server.
    multithread, multiprocess, ssl_context, _server_version = True, False, None, "local-cloud"

    def __init__(self, door: int, app: Wsgi) -> None:
        """Serves what comes in at a socket, by its number, that listens already."""
        listening = socket.socket(fileno=door)
        super().__init__(listening.getsockname(), Connection, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.server_name, self.server_port = listening.getsockname()
        self.app = app

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no fault of the cloud's."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class Connection(WSGIRequestHandler):
    """One connection, with one request after the other."""

    protocol_version = "HTTP/1.1"
    # Head and body leave as one packet: the second of two would wait until the first is acknowledged.
    wbufsize = -1
    disable_nagle_algorithm = True

    def handle_expect_100(self) -> bool:
        """Whoever asks first whether to send is told at once: boto3 waits a second for that before each upload."""
        told = super().handle_expect_100()
        self.wfile.flush()
        return told

    def run_wsgi(self) -> None:
        """Answers one request."""
        environ: Environ = self.make_environ()
        source = environ["wsgi.input"]
        chunked = environ.get("wsgi.input_terminated", False)
        # To its end: what an application leaves unread would be taken for the next request.
        body = source.read() if chunked else source.read(int(environ.get("CONTENT_LENGTH") or 0))
        status, headers, answer = self._called({**environ, "wsgi.input": io.BytesIO(body)})
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        named = {name.lower() for name, _ in headers}
        if "content-length" not in named and int(code) not in _BODILESS:
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)
        self.wfile.flush()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Writes nothing: the log is for what went wrong."""

    def _called(self, environ: Environ) -> tuple[str, list[tuple[str, str]], bytes]:
        said: list[tuple[str, list[tuple[str, str]]]] = []
        written: list[bytes] = []

        def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
            said.append((status, headers))
            return written.append

        try:
            parts = self.server.app(environ, start)
            try:
                written.extend(parts)
            finally:
                getattr(parts, "close", lambda: None)()
        except Exception:
            traceback.print_exc()
            return _FAULT
        return *said[-1], b"".join(written)
