"""Who signs: a loopback endpoint in front of a local cloud that writes down every request, and answers who one is."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

_KEY: Final = re.compile(r"Credential=([^/]+)/")
_RPC: Final = re.compile(r"/operation/(\w+)")
# X-Ray reads by POST: GetSamplingRules, GetGroup, and GetGroups as /Groups.
_READ: Final = re.compile(r"(Describe|List|Get|Head|Lookup|BatchGet|Scan|Query)\w*|(GET|HEAD) .*|POST /(Get\w+|Groups)")
# Taking on a role and asking who one is change nothing either.
_OF_ACCESS: Final = ("AssumeRole", "GetCallerIdentity")
_IDENTITY: Final = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<GetCallerIdentityResult><Arn>arn:aws:iam::{0}:user/somebody</Arn><UserId>AIDA</UserId><Account>{0}</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>"""


@dataclass(frozen=True)
class Request:
    """One request: the access key that signed it, and the operation."""

    key: str
    operation: str

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.operation in _OF_ACCESS or _READ.fullmatch(self.operation) is not None


@dataclass
class Watch:
    """What was asked since the last look; `account` answers who one is instead of the cloud, to keys that begin so."""

    url: str = ""
    seen: list[Request] = field(default_factory=list)
    account: str | None = None
    only_key: str = ""

    def taken(self) -> list[Request]:
        """What was asked; the next look begins anew."""
        found, self.seen = self.seen, []
        return found


@contextmanager
def watched(port: int) -> Iterator[Watch]:
    """A watch in front of the cloud at this port of the machine."""
    watch = Watch()
    handler = type("Handler", (_Handler,), {"watch": watch, "cloud": port})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    watch.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def by_the_watch(folder: Path, watch: Watch) -> Iterator[None]:
    """Commands on the local cloud of this folder come by the watch for a while."""
    file = folder / ".ial" / "local" / "server.json"
    original = file.read_text()
    file.write_text(json.dumps({**json.loads(original), "port": int(watch.url.rpartition(":")[2])}))
    try:
        yield
    finally:
        file.write_text(original)


class _Handler(BaseHTTPRequestHandler):
    watch: Watch
    cloud: int
    protocol_version = "HTTP/1.1"
    # Headers and body are written one after the other: with Nagle, each answer would wait for an acknowledgement.
    disable_nagle_algorithm = True

    def _any(self) -> None:
        body = self._body()
        found = _KEY.search(self.headers.get("Authorization", ""))
        request = Request(found[1] if found else "nobody", self._operation(body))
        if self.path != "/moto-api/":
            self.watch.seen.append(request)
        if request.operation == "GetCallerIdentity" and self._answered(request.key):
            self._answer(200, {"Content-Type": "text/xml"}, _IDENTITY.format(self.watch.account).encode())
        else:
            self._forward(body)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_PATCH = _any

    def _answered(self, key: str) -> bool:
        return self.watch.account is not None and key.startswith(self.watch.only_key)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "") == "chunked":
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _operation(self, body: bytes) -> str:
        if target := self.headers.get("X-Amz-Target"):
            return target.rpartition(".")[2]
        if found := _RPC.search(self.path):
            return found[1]
        if b"Action=" in body:
            return parse_qs(body.decode())["Action"][0]
        return f"{self.command} {self.path}"

    def _forward(self, body: bytes) -> None:
        connection = HTTPConnection("127.0.0.1", self.cloud)
        try:
            kept = {name: value for name, value in self.headers.items() if name.lower() != "transfer-encoding"}
            connection.request(self.command, self.path, body, {**kept, "Content-Length": str(len(body))})
            answer = connection.getresponse()
            self._answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", headers.get("Content-Length", "0") if not body else str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing is printed."""
