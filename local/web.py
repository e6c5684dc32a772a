"""What the extensions in front of moto share: reading a signed request, and answering it in JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
Start = Callable[..., Any]
Wsgi = Callable[[Environ, Start], Iterable[bytes]]


def is_signed_for(environ: Environ, service: str) -> bool:
    """Whether a request is meant for one service: services share paths, and only the signature tells them apart."""
    return f"/{service}/" in str(environ.get("HTTP_AUTHORIZATION", ""))


def read_document(environ: Environ) -> dict[str, Any]:
    """The body of a request; an empty one is an empty object."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    document: dict[str, Any] = json.loads(environ["wsgi.input"].read(length) or b"{}")
    return document


def answer(start: Start, document: dict[str, Any]) -> list[bytes]:
    """A success."""
    start("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(document).encode()]


def refuse(start: Start, error: str, message: str) -> list[bytes]:
    """A refusal that botocore raises as the service's own error."""
    start("400 Bad Request", [("Content-Type", "application/json"), ("x-amzn-ErrorType", error)])
    # REST services spell it `Message`, the others `message`.
    return [json.dumps({"__type": error, "message": message, "Message": message}).encode()]
