"""Conditional writes of DynamoDB one after the other, as they are in AWS: moto checks and writes in two steps."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Final

from local.web import Environ, Start, Wsgi

_WRITES: Final = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems")


class AtomicWrites:
    """A WSGI application in front of moto, whose server answers many requests at once."""

    def __init__(self, inner: Wsgi) -> None:
        self._inner, self._lock = inner, threading.Lock()

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Serves one request."""
        service, _, operation = str(environ.get("HTTP_X_AMZ_TARGET", "")).partition(".")
        if service.startswith("DynamoDB_") and operation in _WRITES:
            with self._lock:
                return list(self._inner(environ, start_response))
        return self._inner(environ, start_response)
