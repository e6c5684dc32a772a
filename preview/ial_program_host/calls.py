"""How a program and its monitor call each other, and where in the program a data source is called.

The place travels beside the request, so that reports can name it.
"""

from __future__ import annotations

import contextvars
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
from pulumi.runtime import _callbacks, settings
from pulumi.runtime.proto import resource_pb2, resource_pb2_grpc

# The key under which the place travels; the monitor reads it.
CALL_SITE_KEY = "ial-call-site"
_SITE: contextvars.ContextVar[str] = contextvars.ContextVar("ial_call_site", default="")


class LocatedMonitor:
    """The engine's monitor; each call of a data source says where the program made it."""

    def __init__(self, address: str) -> None:
        self._stub = resource_pb2_grpc.ResourceMonitorStub(grpc.insecure_channel(address, options=_channel_options()))

    def Invoke(self, request: resource_pb2.ResourceInvokeRequest) -> Any:
        """Asks a data source."""
        return self._stub.Invoke(request, metadata=((CALL_SITE_KEY, _SITE.get()),))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stub, name)


def serve_callbacks_in(folder: str) -> None:
    """Serves transforms on sockets in a folder: a program may have a loopback of its own, which no one else reaches."""
    servicer: Any = _callbacks._CallbackServicer
    original = servicer.__init__

    def init(self: Any, *args: Any, **named: Any) -> None:
        original(self, *args, **named)
        self._target = f"unix:{folder}/callbacks-{len(servicer._servicers)}"
        self._server.add_insecure_port(self._target)

    servicer.__init__ = init


def _channel_options() -> Any:
    return settings._GRPC_CHANNEL_OPTIONS  # type: ignore[attr-defined]


@contextmanager
def called_at(folder: str) -> Iterator[str]:
    """While a data source is asked: the innermost line of the program in the folder that is on the stack."""
    site = _site(folder)
    token = _SITE.set(site)
    try:
        yield site
    finally:
        _SITE.reset(token)


def _site(folder: str) -> str:
    frame = sys._getframe(3)
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(folder) and "site-packages" not in file:
            return f"{Path(file).relative_to(folder)}:{frame.f_lineno}"
        frame = frame.f_back  # type: ignore[assignment]
    return ""
