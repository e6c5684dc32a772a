"""GitHub's REST API on loopback, as its documentation has it, and never kinder.

Pages follow the Link header (https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api), an
artifact is a redirect to storage that refuses the API's token, and a token may only what its job was given.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

REPOSITORY: Final = "team/stacks"
TOKEN: Final = "job-token-0123456789"
BOT: Final = {"login": "github-actions[bot]", "type": "Bot"}
# Which of a job's permissions allows a call; any one suffices.
_RIGHTS: Final[list[tuple[str, str, set[str]]]] = [
    ("GET", r"/actions/.*", {"actions: read", "actions: write"}),
    ("GET", r"/pulls.*", {"pull-requests: read", "pull-requests: write"}),
    ("GET", r"/issues/\d+/events", {"issues: read", "issues: write"}),
    ("GET", r"/issues/\d+/comments", {"issues: read", "issues: write", "pull-requests: read", "pull-requests: write"}),
    ("POST", r"/issues/\d+/comments", {"issues: write", "pull-requests: write"}),
    ("GET", r"/issues", {"issues: read", "issues: write"}),
    ("POST", r"/issues", {"issues: write"}),
    ("PATCH", r"/issues/\d+", {"issues: write"}),
    ("GET", r"/labels/[\w-]+", {"issues: read", "issues: write"}),
    ("POST", r"/labels", {"issues: write"}),
    ("PATCH", r"/issues/comments/\d+", {"issues: write", "pull-requests: write"}),
    ("POST", r"/statuses/[0-9a-f]{40}", {"statuses: write"}),
    ("GET", r"/compare/.*", {"contents: read", "contents: write"}),
]


@dataclass
class Fault:
    """An answer that is no answer, so many times."""

    method: str
    path: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 1_000
    body: bytes = b'{"message": "Resource not accessible by integration"}'


@dataclass
class Forge:
    """What one repository holds."""

    rights: set[str]
    pulls: dict[int, dict[str, Any]] = field(default_factory=dict)
    files: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    compared: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    runs: dict[int, dict[str, Any]] = field(default_factory=dict)
    jobs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    artifacts: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    archives: dict[int, bytes] = field(default_factory=dict)
    comments: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    statuses: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    issues: dict[int, dict[str, Any]] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)
    events: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    # Called before each answer: what somebody else does meanwhile.
    meanwhile: Callable[[str, str], None] = lambda method, path: None
    asked: list[str] = field(default_factory=list)
    page: int = 2
    url: str = ""

    def bodies(self, number: int) -> list[str]:
        """The comments of a pull request."""
        return [comment["body"] for comment in self.comments.get(number, [])]

    def states(self, commit: str) -> dict[str, str]:
        """The statuses of a commit: of each context the last one counts."""
        return {status["context"]: status["state"] for status in self.statuses.get(commit, [])}

    def listed(self, path: str, query: dict[str, str]) -> tuple[str, list[dict[str, Any]]] | None:
        """A list that comes in pages, and the key that it stands under."""
        if path == "/pulls":
            return "", [pull for pull in self.pulls.values() if self._is_asked_for(pull, query)]
        if path == "/issues":
            wanted = query.get("labels", "")
            return "", [
                issue
                for issue in self.issues.values()
                if query.get("state", "open") in ("all", issue["state"])
                and (not wanted or wanted in [label["name"] for label in issue["labels"]])
            ]
        for pattern, held, key in (
            (r"/pulls/(\d+)/files", self.files, ""),
            (r"/issues/(\d+)/comments", self.comments, ""),
            (r"/issues/(\d+)/events", self.events, ""),
            (r"/actions/runs/(\d+)/jobs", self.jobs, "jobs"),
            (r"/actions/runs/(\d+)/artifacts", self.artifacts, "artifacts"),
        ):
            if found := re.fullmatch(pattern, path):
                return key, held.get(int(found[1]), [])
        return None

    def _is_asked_for(self, pull: dict[str, Any], query: dict[str, str]) -> bool:
        owner, _, branch = query.get("head", "").partition(":")
        held = pull["head"]["label"].partition(":")
        return query.get("state", "open") in ("all", pull["state"]) and (owner, branch) == (held[0], held[2])

    def single(self, path: str) -> Any:
        """One thing, or None."""
        if found := re.fullmatch(r"/pulls/(\d+)", path):
            return self.pulls.get(int(found[1]))
        if found := re.fullmatch(r"/actions/runs/(\d+)", path):
            return self.runs.get(int(found[1]))
        if (found := re.fullmatch(r"/labels/(.+)", path)) and found[1] in self.labels:
            return {"name": found[1]}
        if (found := re.fullmatch(r"/compare/(.+)", path)) and found[1] in self.compared:
            # https://docs.github.com/en/rest/commits/commits#compare-two-commits: 300 files at most.
            return {"files": self.compared[found[1]][:300]}
        return None

    def written(self, method: str, path: str, body: dict[str, Any]) -> Any:
        """What came of a change, or None."""
        if method == "POST" and (found := re.fullmatch(r"/issues/(\d+)/comments", path)):
            held = self.comments.setdefault(int(found[1]), [])
            held.append({"id": 1_000 + sum(map(len, self.comments.values())), "user": BOT, **body})
            return held[-1]
        if method == "POST" and (found := re.fullmatch(r"/statuses/([0-9a-f]+)", path)):
            if len(body["description"]) > 140:
                return None
            self.statuses.setdefault(found[1], []).append(body)
            return body
        if method == "POST" and path == "/issues":
            # A label that is not there is made for who may push, and left out for others.
            labels = [{"name": name} for name in body.get("labels", []) if name in self.labels]
            number = max(self.issues, default=100) + 1
            self.issues[number] = {"number": number, "state": "open", "user": BOT, **body, "labels": labels}
            return self.issues[number]
        if method == "POST" and path == "/labels":
            self.labels.add(body["name"])
            return body
        if method == "PATCH" and (found := re.fullmatch(r"/issues/(\d+)", path)):
            self.issues[int(found[1])].update(body)
            return self.issues[int(found[1])]
        if method == "PATCH" and (found := re.fullmatch(r"/issues/comments/(\d+)", path)):
            [comment] = [one for each in self.comments.values() for one in each if one["id"] == int(found[1])]
            comment.update(body)
            return comment
        return None


@contextmanager
def served(forge: Forge) -> Iterator[Forge]:
    """The forge, listening until the end."""
    server = _Server(forge)
    forge.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield forge
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    def __init__(self, forge: Forge) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.forge = forge


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self._any("GET")

    def do_POST(self) -> None:
        self._any("POST")

    def do_PATCH(self) -> None:
        self._any("PATCH")

    def log_message(self, *args: Any) -> None:
        pass

    def _any(self, method: str) -> None:
        forge, parts = self.server.forge, urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if found := re.fullmatch(r"/storage/(\d+)", parts.path):
            return self._stored(int(found[1]))
        path = unquote(parts.path).removeprefix(f"/repos/{REPOSITORY}")
        forge.asked.append(f"{method} {path}")
        forge.meanwhile(method, path)
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._send(401, {"message": "Bad credentials"})
        for fault in forge.faults:
            if fault.times and fault.method == method and re.fullmatch(fault.path, path):
                fault.times -= 1
                return self._send(fault.status, fault.body, fault.headers)
        if not any(
            method == kind and re.fullmatch(pattern, path) and rights & forge.rights
            for kind, pattern, rights in _RIGHTS
        ):
            return self._send(403, {"message": "Resource not accessible by integration"})
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        return self._answer(method, path, query, body)

    def _answer(self, method: str, path: str, query: dict[str, str], body: bytes) -> None:
        forge = self.server.forge
        if method != "GET":
            made = forge.written(method, path, json.loads(body))
            return self._send(201 if method == "POST" else 200, made) if made else self._send(404, {})
        if found := re.fullmatch(r"/actions/artifacts/(\d+)/zip", path):
            return self._send(302, b"", {"Location": f"{forge.url}/storage/{found[1]}"})
        listed = forge.listed(path, query)
        if listed is None:
            held = forge.single(path)
            return self._send(200, held) if held else self._send(404, {"message": "Not Found"})
        key, entries = listed
        number = int(query.get("page", 1))
        shown = entries[(number - 1) * forge.page : number * forge.page]
        headers = {}
        if number * forge.page < len(entries):
            asked = "&".join(f"{name}={value}" for name, value in query.items() if name != "page")
            address = f"{forge.url}{urlsplit(self.path).path}?{asked}&page={number + 1}"
            headers["Link"] = f'<{address}>; rel="next", <{address}>; rel="last"'
        return self._send(200, {"total_count": len(entries), key: shown} if key else shown, headers)

    def _stored(self, identity: int) -> None:
        # Storage knows signed addresses only, and refuses other credentials.
        if "Authorization" in self.headers:
            return self._send(400, b"AuthenticationFailed")
        return self._send(200, self.server.forge.archives[identity])

    def _send(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
