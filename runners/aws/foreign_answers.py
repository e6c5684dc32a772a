"""Answers that are not AWS's: a proxy's page, a log-in of a network, half a document, nothing where something must be.

botocore takes a body of JSON that it cannot read for one without members, and an empty one as well: a list would be
empty, and a write done that never got there.
"""

from __future__ import annotations

import json
from typing import Any, Final

from botocore.exceptions import BotoCoreError

_LONGEST_READ_TWICE: Final = 256 * 1024
_SHOWN: Final = 60
_PAGES: Final = (b"<!doctype html", b"<html")


class ForeignAnswerError(BotoCoreError):
    """Something else than AWS answered, or AWS's answer was cut."""

    fmt = "the answer is not AWS's: {reason}; look at the proxy and the network between here and AWS"


def require_aws_answer(**event: Any) -> None:
    """Looks at each answer before botocore reads it: a handler of the event `before-parse`.

    Raises:
        ForeignAnswerError: it says that all went well, and cannot be AWS's.
    """
    operation_model, response_dict = event["operation_model"], event["response_dict"]
    body = response_dict.get("body")
    status = response_dict["status_code"]
    if status >= 300 or operation_model.has_streaming_output or not isinstance(body, bytes):
        return
    start, headers = body[:_SHOWN].lstrip(), response_dict["headers"]
    reads = operation_model.http.get("method") != "HEAD"
    if start.lower().startswith(_PAGES):
        raise ForeignAnswerError(reason=f"a page of HTML, {_shown(start)}")
    if reads and len(body) < _promised(headers):
        raise ForeignAnswerError(reason=f"it is cut after {len(body)} bytes")
    if not body.strip():
        if status == 200 and reads and _told_in_body(operation_model):
            raise ForeignAnswerError(reason="it is empty")
    elif "json" in operation_model.service_model.resolved_protocol and not _has_payload(operation_model):
        _require_object(body, start)


def _require_object(body: bytes, start: bytes) -> None:
    text = body.strip()
    try:
        if len(text) <= _LONGEST_READ_TWICE:
            whole = isinstance(json.loads(text), dict)
        else:
            whole = text.startswith(b"{") and text.endswith(b"}")
    except ValueError:
        whole = False
    if not whole:
        raise ForeignAnswerError(reason=f"no whole document of JSON, {_shown(start)}")


def _promised(headers: Any) -> int:
    """How many bytes there must be; what was packed is shorter or longer than that once it is unpacked."""
    length = str(headers.get("content-length", ""))
    return int(length) if length.isdigit() and not headers.get("content-encoding") else 0


def _told_in_body(operation: Any) -> bool:
    """Whether the operation says something in members of the body; a payload is whatever it wants to be."""
    shape = operation.output_shape
    if shape is None or _has_payload(operation):
        return False
    return any("location" not in member.serialization for member in shape.members.values())


def _has_payload(operation: Any) -> bool:
    return operation.output_shape is not None and "payload" in operation.output_shape.serialization


def _shown(start: bytes) -> str:
    return repr(start.decode(errors="replace"))
