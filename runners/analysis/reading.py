"""From a stored document to its record: decoded once where it is written as the product writes it.

What tells the kinds apart (`type`, `experiment`, `resource`) is part of each record, so that a document which fits one
is of that kind and of no other. What fits none is read again, to say what of it is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from contract.execution_record import EXECUTION, UNJUDGED_RUN
from runners.analysis.records import KINDS, ChaosRecord, ControlRecord, DrillRecord, Record, UnjudgedRecord


class UnreadableRecordError(ValueError):
    """A document is no record of a version that is known; the message says what of it is not."""


class _Head(Struct):
    """By what the kind of a document is told."""

    version: Any = None
    type: str | None = None
    experiment: Any = None
    resource: Any = None


# Kinds of run that have documents of their own and say nothing that is counted here.
OTHERS: Final = frozenset({"suite", "rollback", EXECUTION})
_TYPED: Final[Mapping[str, type[Record]]] = {"control": ControlRecord, UNJUDGED_RUN: UnjudgedRecord}
# Text that is no UTF-8 is told by an error of its own.
_UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError)
_HEADS: Final = msgspec.json.Decoder(_Head)
_JSON: Final[Mapping[type[Record], msgspec.json.Decoder[Any]]] = {kind: msgspec.json.Decoder(kind) for kind in KINDS}
_CHAOS, _DRILL, _CONTROL = _JSON[ChaosRecord].decode, _JSON[DrillRecord].decode, _JSON[ControlRecord].decode
# How the product's own documents begin; in those of experiments theirs comes within so many bytes.
_OF_CONTROL: Final = b'{"version":1,"type":"control",'
_OF_CHAOS: Final = b'"experiment":'
_WITHIN: Final = 512


def read_record(document: Mapping[str, Any] | bytes) -> Record | str:
    """The record of a document; its type alone, where that is a kind of run that is not counted here.

    Raises:
        UnreadableRecordError: it is none, or its version or shape is not known.
    """
    if isinstance(document, bytes):
        try:
            record: Record = _likely(document)(document)
        except _UNREADABLE:
            pass
        else:
            return record
    try:
        head = _HEADS.decode(document) if isinstance(document, bytes) else msgspec.convert(document, _Head)
        kind = _kind(head)
        if isinstance(kind, str):
            return kind
        return _whole(document, kind)
    except _UNREADABLE as error:
        raise UnreadableRecordError(str(error)) from None


def _likely(document: bytes) -> Callable[[bytes], Any]:
    """What reads a document that is written as the product writes it; of any other it may be the wrong one."""
    if document.startswith(_OF_CONTROL):
        return _CONTROL
    return _DRILL if document.find(_OF_CHAOS, 0, _WITHIN) < 0 else _CHAOS


def _whole(document: Mapping[str, Any] | bytes, kind: type[Record]) -> Record:
    if isinstance(document, bytes):
        record: Record = _JSON[kind].decode(document)
        return record
    return msgspec.convert(document, kind)


def _kind(head: _Head) -> type[Record] | str:
    if head.version != 1:
        msg = f"version {head.version!r}; accepted: 1"
        raise UnreadableRecordError(msg)
    if head.type is None:
        if (head.experiment is None) == (head.resource is None):
            msg = "neither an experiment's nor a drill's; accepted: a document with `experiment`, `resource` or `type`"
            raise UnreadableRecordError(msg)
        return ChaosRecord if head.experiment is not None else DrillRecord
    if head.type in OTHERS:
        return head.type
    if head.type in _TYPED:
        return _TYPED[head.type]
    msg = f"type {head.type!r}; accepted: {', '.join((*_TYPED, *sorted(OTHERS)))}, or none"
    raise UnreadableRecordError(msg)
