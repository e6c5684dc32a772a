"""Digests of a table's pages, made in processes of their own where that is worth it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import Final, Self

from runners.backup.tables.page_process import Asked, answer
from runners.backup.tables.table_digest import Digests, unpacked
from runners.backup.tables.tables import Read

_MOST: Final = 4
PROCESSES: Final = min(_MOST, os.cpu_count() or 1)
# Below this a process takes longer to start than the page takes to be digested.
_WORTH_IT: Final = 250_000
_ROOT: Final = Path(__file__).parents[3]


class _Process:
    """One process, started for its first page; one that failed is not tried again."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._failed = False
        self._connection: Connection | None = None
        self._running: subprocess.Popen[bytes] | None = None

    def answer(self, body: bytes) -> tuple[bytes, bytes] | None:
        """What `page_process.answer` gives, None if the process cannot be had."""
        if self._failed:
            return None
        try:
            connection = self._connection or self._start()
            connection.send_bytes(body)
            return connection.recv_bytes(), connection.recv_bytes()
        except (OSError, EOFError):
            self._failed = True
            return None

    def end(self) -> None:
        """Ends it, if it was started."""
        if self._connection is not None:
            self._connection.close()
        if self._running is not None:
            self._running.kill()
            self._running.wait()

    def _start(self) -> Connection:
        self._connection, there = Pipe()
        with there:
            self._running = subprocess.Popen(
                [sys.executable, "-m", "runners.backup.tables.page_process", str(there.fileno())],
                cwd=_ROOT,
                pass_fds=[there.fileno()],
                stdin=subprocess.DEVNULL,
                # What goes wrong in it goes wrong again in the thread that repeats its work, and is told there.
                stderr=subprocess.DEVNULL,
                # An interrupt from the terminal is for the parent, which ends it.
                start_new_session=True,
            )
        self._connection.send_bytes(json.dumps(asdict(self._asked)).encode())
        return self._connection


class PageDigests:
    """Reads pages of a table with these keys. Many threads may call `read` at the same time.

    `expires` names the attribute of the time to live, and `now` (seconds since 1970) when items are counted as expired.

    A page whose process cannot be started, or dies, is digested by the thread that asked: slower, with the same result.
    """

    def __init__(
        self,
        keys: Sequence[str],
        *,
        expires: str | None = None,
        now: float = 0.0,
        processes: int = PROCESSES,
        worth_it: int = _WORTH_IT,
    ) -> None:
        self._asked, self._worth_it = Asked(keys=list(keys), expires=expires, now=now), worth_it
        self._processes = [_Process(self._asked) for _ in range(processes if processes > 1 else 0)]
        self._idle: SimpleQueue[_Process] = SimpleQueue()
        for process in self._processes:
            self._idle.put(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.end()

    def read(self, body: bytes) -> Read[Digests]:
        """A page's digests, and what its answer says beside the items."""
        told, digests = self._elsewhere(body) or answer(body, self._asked)
        return Read(found=unpacked(digests), **json.loads(told))

    def _elsewhere(self, body: bytes) -> tuple[bytes, bytes] | None:
        if len(body) < self._worth_it or not self._processes:
            return None
        process = self._idle.get()
        try:
            return process.answer(body)
        finally:
            self._idle.put(process)
