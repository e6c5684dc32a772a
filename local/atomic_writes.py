"""Writes of DynamoDB one after the other, as they are of one item in AWS: moto checks and writes in two steps.

A table's history is noted after the write, so that two writes of one moment would else be noted the other way round.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Final

from local.web import Environ, Start, Wsgi

_WRITES: Final = (
    *("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"),
    # PartiQL may write.
    *("ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"),
    # The history begins with what the table holds.
    "UpdateContinuousBackups",
)


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
