"""A process that digests pages of one table: several of them use several processors, which threads do not.

It is told the connection's descriptor, then hears the key's names, then pages as DynamoDB sent them, and answers each
with the key after which the segment goes on and the digests. It ends with its connection, so that nothing is left
of it when its parent is killed.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection

from runners.backup.table_digest import packed


def answer(body: bytes, keys: Sequence[str]) -> tuple[bytes, bytes]:
    """Where a page's segment goes on, as JSON, and the page's digests as `unpacked` reads them."""
    page = json.loads(body)
    return json.dumps(page.get("LastEvaluatedKey") or None).encode(), packed(page["Items"], keys)


def main(descriptor: int) -> None:
    """Answers until the other end is closed."""
    # Parsed JSON has no cycles, and looking for some in a million small objects takes as long as parsing them.
    gc.disable()
    with Connection(descriptor) as connection:
        keys = json.loads(connection.recv_bytes())
        while True:
            try:
                body = connection.recv_bytes()
            except EOFError:
                return
            for part in answer(body, keys):
                connection.send_bytes(part)


if __name__ == "__main__":
    main(int(sys.argv[1]))
