"""What the monitor refused: a program that goes on after a refusal has not registered what it wanted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import grpc


class Refusals(grpc.ServerInterceptor):  # type: ignore[type-arg]
    """Remembers every call that failed, whoever asked and whatever became of the answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: dict[str, None] = {}

    @property
    def told(self) -> tuple[str, ...]:
        """One sentence for each refusal, in order."""
        with self._lock:
            return tuple(self._told)

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], grpc.RpcMethodHandler[Any, Any] | None],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler[Any, Any] | None:
        """Wraps the method that serves a call; one that nobody serves is refused by gRPC itself."""
        method = str(handler_call_details.method).rpartition("/")[2]
        handler = continuation(handler_call_details)
        if handler is None or handler.unary_unary is None:
            self._remember(f"{method} is not served by the local engine")
            return handler
        return grpc.unary_unary_rpc_method_handler(
            self._noting(method, handler.unary_unary), handler.request_deserializer, handler.response_serializer
        )

    def _noting(self, method: str, serve: Callable[[Any, grpc.ServicerContext], Any]) -> Callable[..., Any]:
        def served(request: Any, context: grpc.ServicerContext) -> Any:
            try:
                return serve(request, context)
            except BaseException as error:
                # gRPC's own context has it; the published type does not say so.
                details = context.details()  # type: ignore[attr-defined]
                said = details.decode() if isinstance(details, bytes) else details
                self._remember(str(said or f"{method}: {error or type(error).__name__}"))
                raise

        return served

    def _remember(self, text: str) -> None:
        with self._lock:
            self._told[" ".join(text.split())] = None
