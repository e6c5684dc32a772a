"""The item that a drill writes to prove that the newest data comes back, and as of the time that was asked for.

It is written before the time, and changed after it: a restore that comes late or early brings another one, or none.
Its partition key begins with `ial-drill-` where that is a text, so that a role can be bound to such items
(`dynamodb:LeadingKeys`); a number or a binary value has no such beginning there.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, Final

from contract.names import SENTINEL_PREFIX
from runners.backup.tables.tables import Item, TableShape

_CHECKSUM: Final = "ial_checksum"
_RUN: Final = "ial_run"
_CHANGED: Final = "changed after the time"


def sentinel_key(shape: TableShape, run: str) -> Item:
    """The key of a run's sentinel, for any key schema. A number is far away from those that people use."""
    digest = hashlib.sha256(run.encode()).digest()
    values = {
        "S": {"S": f"{SENTINEL_PREFIX}{run}"},
        "N": {"N": f"-{int.from_bytes(digest[:8], 'big')}"},
        "B": {"B": f"{SENTINEL_PREFIX}{run}".encode()},
    }
    return {name: values[shape.attributes[name]] for name in shape.key_names}


def sentinel(shape: TableShape, run: str, at: str) -> Item:
    """The whole item."""
    return {**sentinel_key(shape, run), **marks(run), "ial_at": {"S": at}, _CHECKSUM: {"S": _checksum(run, at)}}


def changed_sentinel(shape: TableShape, run: str, at: str) -> Item:
    """What it is changed into after the time: still the run's, and not whole."""
    return {**sentinel(shape, run, at), _CHECKSUM: {"S": _CHANGED}}


def marks(run: str) -> Item:
    """The attributes by which a run knows its own item: no other is overwritten or deleted."""
    return {_RUN: {"S": run}}


def can_be_bound(shape: TableShape) -> bool:
    """Whether a role can be bound to the sentinels of a table: IAM compares partition keys as text."""
    return shape.attributes[shape.key_names[0]] == "S"


def is_whole(item: Item | None, run: str) -> bool:
    """Whether an item that was read back is the run's sentinel, unchanged."""
    if item is None:
        return False
    held, at = _text(item, _RUN), _text(item, "ial_at")
    return held == run and _text(item, _CHECKSUM) == _checksum(run, at)


def is_ours(item: Item | None, run: str) -> bool:
    """Whether it is the run's sentinel, changed or not."""
    return item is not None and _text(item, _RUN) == run


def as_wire(item: Item) -> Item:
    """An item as scans give it: binary values as base64 text."""
    return {
        name: {
            kind: base64.b64encode(held).decode() if isinstance(held, bytes) else held for kind, held in value.items()
        }
        for name, value in item.items()
    }


def _text(item: Mapping[str, Any], name: str) -> str:
    return str(item.get(name, {}).get("S", ""))


def _checksum(run: str, at: str) -> str:
    return hashlib.sha256(f"{run} {at}".encode()).hexdigest()
