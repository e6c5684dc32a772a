"""GitHub's REST API, as far as comments on pull requests need it. The token goes to the API alone.

Redirects, pages and limits: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
"""

from __future__ import annotations

import http.client
import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from runners.errors import InputError
from runners.pull_requests.errors import ForgeError

_LARGEST_ANSWER: Final = 16 * 1024 * 1024
_MOST_PAGES: Final = 100
_LIMIT_SECONDS: Final = 30
_ATTEMPTS: Final = 3
_LONGEST_WAIT: Final = 60.0
_NEXT: Final = re.compile(r'<([^<>]+)>;\s*rel="next"')
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_TODO: Final = {
    401: "the token is not accepted: pass the job's own as GITHUB_TOKEN",
    403: "the token may not: docs/workflows.md lists the permissions that the job needs",
    404: "it is not there, or the token may not see it: docs/workflows.md lists the permissions that the job needs",
}


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer: followed blindly, it would take the token along."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class GitHub:
    """The API of one repository; paths are relative to it."""

    api: str
    repository: str
    token: str
    sleep: Callable[[float], None] = time.sleep

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> GitHub:
        """The API that a job's environment names.

        Raises:
            InputError: it names none, or one that the token must not be sent to.
        """
        names = ("GITHUB_API_URL", "GITHUB_REPOSITORY", "GITHUB_TOKEN")
        for name in names:
            if not environment.get(name, "").strip():
                msg = f"{name} is not set; run this in a workflow, with `GITHUB_TOKEN: ${{{{ github.token }}}}`"
                raise InputError(msg)
        api, repository, token = (environment[name].strip() for name in names)
        if not _is_private(api):
            msg = f"GITHUB_API_URL={api}: accepted is an address that begins with https://"
            raise InputError(msg)
        if not re.fullmatch(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+", repository):
            msg = f"GITHUB_REPOSITORY={repository!r}: accepted is OWNER/NAME"
            raise InputError(msg)
        return cls(api=api.rstrip("/"), repository=repository, token=token)

    def get(self, path: str, **query: str | int) -> Any:
        """One answer.

        Raises:
            ForgeError: it was refused, or did not come.
        """
        return self._json(self._answer("GET", self._url(path, query), None), path)

    def pages(self, path: str, key: str = "", **query: str | int) -> Iterator[dict[str, Any]]:
        """Every entry of a list, from all of its pages; `key` is where the list stands in an answer.

        Raises:
            ForgeError: it was refused, did not come, or is longer than anybody would read.
        """
        url: str | None = self._url(path, {"per_page": 100, **query})
        for _ in range(_MOST_PAGES):
            assert url is not None
            answer = self._answer("GET", url, None)
            data = self._json(answer, path)
            entries = data.get(key) if key and isinstance(data, dict) else data
            if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
                msg = f"GitHub's answer to GET {path} is no list of {key or 'entries'}; nothing was made of it"
                raise ForgeError(msg)
            yield from entries
            following = _NEXT.search(answer.headers.get("link", ""))
            url = following[1] if following else None
            if url is None:
                return
            if not url.startswith(f"{self.api}/"):
                msg = f"GitHub's answer to GET {path} goes on at another address, {url}; it was not followed"
                raise ForgeError(msg)
        msg = f"GitHub's answer to GET {path} has more than {_MOST_PAGES} pages; it was not read to its end"
        raise ForgeError(msg)

    def write(self, method: str, path: str, body: Mapping[str, object]) -> None:
        """One change.

        Raises:
            ForgeError: it was refused, or its answer did not come.
        """
        self._answer(method, self._url(path, {}), json.dumps(body).encode())

    def download(self, path: str, most: int) -> bytes:
        """What stands where an answer points to, fetched without the token.

        Raises:
            ForgeError: it was refused, did not come, or is larger than `most` bytes.
        """
        answer = self._answer("GET", self._url(path, {}), None, redirected=True)
        place = answer.headers.get("location", "")
        if not _is_private(place):
            msg = f"GitHub's answer to GET {path} points to {place or 'nothing'}; only https:// is followed"
            raise ForgeError(msg)
        return self._sent(urllib.request.Request(place), path, most=most).body

    def _url(self, path: str, query: Mapping[str, str | int]) -> str:
        asked = f"?{urlencode(query)}" if query else ""
        return f"{self.api}/repos/{self.repository}{quote(path, safe='/.')}{asked}"

    def _answer(self, method: str, url: str, body: bytes | None, *, redirected: bool = False) -> Answer:
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "User-Agent": "ial",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        request = urllib.request.Request(url, body, headers, method=method)
        # A comment that was made twice would stay twice: only what can be repeated is.
        attempts = 1 if method == "POST" else _ATTEMPTS
        path = urlsplit(url).path
        for attempt in range(1, attempts + 1):
            try:
                return self._sent(request, path, redirected=redirected)
            except _AgainError as again:
                if attempt == attempts or again.seconds > _LONGEST_WAIT:
                    raise ForgeError(str(again), again.status) from None
                self.sleep(again.seconds or float(attempt))
        raise AssertionError

    def _sent(
        self, request: urllib.request.Request, path: str, *, most: int = _LARGEST_ANSWER, redirected: bool = False
    ) -> Answer:
        what = f"{request.get_method()} {path}"
        opener = urllib.request.build_opener(_NoRedirects)
        try:
            with opener.open(request, timeout=_LIMIT_SECONDS) as answer:
                body = answer.read(most + 1)
                status, headers = answer.status, answer.headers
        except urllib.error.HTTPError as error:
            with error:
                if redirected and error.code in (302, 307):
                    return Answer(status=error.code, headers=_lower(error.headers), body=b"")
                raise _refused(what, error) from None
        except (OSError, http.client.HTTPException) as error:
            msg = f"GitHub did not answer {what} ({error}); run the job again"
            raise _AgainError(msg, 0, 0.0) from None
        if len(body) > most:
            msg = f"GitHub's answer to {what} is larger than {most // 1024} KiB; it was not read"
            raise ForgeError(msg)
        if redirected:
            msg = f"GitHub's answer to {what} is {status}, and no redirect to what was asked for"
            raise ForgeError(msg, status)
        return Answer(status=status, headers=_lower(headers), body=body)

    def _json(self, answer: Answer, path: str) -> Any:
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError):
            msg = f"GitHub's answer to GET {path} is not JSON; run the job again"
            raise ForgeError(msg, answer.status) from None


class _AgainError(ForgeError):
    """A call that may be answered when it is sent again, after `seconds` where the forge says so."""

    def __init__(self, message: str, status: int, seconds: float) -> None:
        super().__init__(message, status)
        self.seconds = seconds


def _refused(what: str, error: urllib.error.HTTPError) -> ForgeError:
    headers = _lower(error.headers)
    waits = "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"
    if error.code >= 500 or error.code == 429 or (error.code == 403 and waits):
        given = headers.get("retry-after", "")
        seconds = float(given) if given.isascii() and given.isdigit() else 0.0
        if not given and headers.get("x-ratelimit-remaining") == "0":
            seconds = _LONGEST_WAIT + 1
        return _AgainError(f"GitHub answered {what} with {error.code}; run the job again later", error.code, seconds)
    todo = _TODO.get(error.code, "nothing was made of it")
    return ForgeError(f"GitHub answered {what} with {error.code}; {todo}", error.code)


def _lower(headers: Any) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in headers.items()}


def _is_private(url: str) -> bool:
    """Whether nobody on the way can read what is sent: TLS, or this machine itself."""
    parts = urlsplit(url)
    return (parts.scheme == "https" and bool(parts.hostname)) or (
        parts.scheme == "http" and parts.hostname in _LOOPBACK
    )
