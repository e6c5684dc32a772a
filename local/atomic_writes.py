"""Writes one after the other, as they are of one item or object in AWS: moto checks and writes in two steps.

A table's history is noted after the write, so that two writes of one moment would else be noted the other way round.
Of objects that are written on a condition, one of two wins: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Final

from local.web import Environ, Start, Wsgi, is_signed_for

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
        self._inner, self._lock, self._objects = inner, threading.Lock(), threading.Lock()

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Serves one request."""
        service, _, operation = str(environ.get("HTTP_X_AMZ_TARGET", "")).partition(".")
        if service.startswith("DynamoDB_") and operation in _WRITES:
            with self._lock:
                return list(self._inner(environ, start_response))
        if environ.get("REQUEST_METHOD") == "PUT" and is_signed_for(environ, "s3"):
            with self._objects:
                return list(self._inner(environ, start_response))
        return self._inner(environ, start_response)
