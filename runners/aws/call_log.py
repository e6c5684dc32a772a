"""A line of the log before each attempt of a call is sent, and one when it has ended.

Source: https://docs.aws.amazon.com/boto3/latest/guide/events.html (botocore's events)
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from contract.run_log import Answered, Asked
from runners.runs.run_log import note

if TYPE_CHECKING:
    from botocore.hooks import BaseEventHooks

_HELD: Final = "ial"
_numbers = itertools.count(1)
_asking = threading.local()


@contextmanager
def asking_about(resource: str) -> Iterator[None]:
    """Names what calls of this thread are about, for their lines."""
    before = getattr(_asking, "about", None)
    _asking.about = resource
    try:
        yield
    finally:
        _asking.about = before


@dataclass
class _Call:
    """A call under way, kept in botocore's context of it."""

    text: str
    about: dict[str, Any]
    attempt: int = 0
    began: float = 0.0
    error: str | None = None
    is_open: bool = False


class CallLog:
    """Logs the calls of clients with the same keys. `identity` is the ARN of who signs, as far as that is known."""

    def __init__(self, identity: str | None = None) -> None:
        self.identity = identity

    def watch(self, events: BaseEventHooks) -> None:
        """Looks at all calls of clients that the session with these events makes from now on."""
        handlers: dict[str, Any] = {
            "before-call": self._begin,
            "request-created": self._try_again,
            "response-received": self._receive,
            "after-call-error": self._fail,
            "after-call.sts.GetCallerIdentity": self._identify,
        }
        for event, handler in handlers.items():
            events.register(event, handler)

    def _begin(self, model: Any, context: dict[str, Any], **_: Any) -> None:
        # Before it is signed: to find keys may take long, too.
        service, resource = model.service_model.service_name, getattr(_asking, "about", None)
        about = {
            "call": next(_numbers),
            "service": service,
            "operation": model.name,
            "region": context.get("client_region"),
            "resource": resource,
        }
        held = context[_HELD] = _Call(f"{service}:{model.name}{f' on {resource}' if resource else ''}", about)
        self._ask(held)

    def _try_again(self, request: Any, **_: Any) -> None:
        held = request.context.get(_HELD)
        if held is not None and not held.is_open:
            self._ask(held)

    def _ask(self, held: _Call) -> None:
        held.attempt, held.is_open = held.attempt + 1, True
        line = Asked(**held.about, identity=self.identity, attempt=held.attempt, because=held.error)
        again = f": attempt {held.attempt} after {held.error}" if held.error else ""
        note(logging.WARNING if again else logging.DEBUG, line, held.text + again)
        held.began = time.perf_counter()

    def _receive(self, response_dict: Any, parsed_response: Any, context: Any, exception: Any, **_: Any) -> None:
        if response_dict is None:
            self._fail(exception, context)
            return
        status, parsed = response_dict["status_code"], parsed_response or {}
        error = parsed.get("Error", {}).get("Code") if status >= 300 else None
        self._end(context, error, status=status, request=parsed.get("ResponseMetadata", {}).get("RequestId") or None)

    def _fail(self, exception: Any, context: Any, **_: Any) -> None:
        self._end(context, f"{type(exception).__name__}: {exception}", status=None, request=None)

    def _end(self, context: Any, error: str | None, *, status: int | None, request: str | None) -> None:
        held = context.get(_HELD)
        if held is None or not held.is_open:
            return
        took = round((time.perf_counter() - held.began) * 1000)
        held.is_open, held.error = False, error or str(status)
        line = Answered(
            **held.about,
            identity=self.identity,
            attempt=held.attempt,
            status=status,
            milliseconds=took,
            request=request,
            error=error,
        )
        note(logging.INFO, line, f"{held.text}: {held.error} in {took} ms")

    def _identify(self, parsed: Any, **_: Any) -> None:
        self.identity = parsed.get("Arn", self.identity)
