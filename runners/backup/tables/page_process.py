"""A process that digests pages of one table: several of them use several processors, which threads do not.

It is told the connection's descriptor, then hears the key's names and the attribute of the time to live, then pages as
DynamoDB sent them, and answers each with what `Read` holds of it and the digests. It ends with its connection, so that
nothing is left of it when its parent is killed.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from multiprocessing.connection import Connection
from typing import Any, Final

from runners.backup.tables.table_digest import packed

# What expired longer ago is not deleted by DynamoDB (guide, How it works: TTL).
_LONGEST_SECONDS: Final = 5 * 365 * 86400


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of every page: `expires` is the attribute of the time to live, `now` is in seconds since 1970."""

    keys: Sequence[str]
    expires: str | None = None
    now: float = 0.0


def answer(body: bytes, asked: Asked) -> tuple[bytes, bytes]:
    """The parts of a page's `Read` as JSON, and the page's digests as `unpacked` reads them."""
    page = json.loads(body)
    items = page["Items"]
    told = {
        "after": page.get("LastEvaluatedKey") or None,
        "items": len(items),
        "units": page.get("ConsumedCapacity", {}).get("CapacityUnits"),
        "expired": expired_in(items, asked.expires, asked.now) if asked.expires else 0,
    }
    return json.dumps(told).encode(), packed(items, asked.keys)


def expired_in(items: Iterable[Mapping[str, Any]], attribute: str, now: float) -> int:
    """How many of the items DynamoDB deletes once the attribute is their time to live."""
    return sum(_expired(item.get(attribute, {}).get("N"), now) for item in items)


def _expired(text: str | None, now: float) -> bool:
    try:
        return text is not None and now - _LONGEST_SECONDS < Decimal(text) <= now
    except InvalidOperation:
        return False


def main(descriptor: int) -> None:
    """Answers until the other end is closed."""
    # Parsed JSON has no cycles, and looking for some in a million small objects takes as long as parsing them.
    gc.disable()
    with Connection(descriptor) as connection:
        asked = Asked(**json.loads(connection.recv_bytes()))
        while True:
            try:
                body = connection.recv_bytes()
            except EOFError:
                return
            for part in answer(body, asked):
                connection.send_bytes(part)


if __name__ == "__main__":
    main(int(sys.argv[1]))
