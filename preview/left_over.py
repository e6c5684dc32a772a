"""What a command leaves running is ended: a program under the real engine may start what outlives engine and program.

The kernel gives this process what the command orphans (PR_SET_CHILD_SUBREAPER, prctl(2)). Only Linux does that.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Iterator
from typing import Final

_SUBREAPER: Final = 36
_LIMIT_SECONDS: Final = 10.0


@contextlib.contextmanager
def nothing_left_over() -> Iterator[None]:
    """Ends, on leaving, all processes that came to this one meanwhile. What it starts itself, it must have ended."""
    if sys.platform != "linux":
        yield
        return
    before = _children()
    adopt = ctypes.CDLL(None).prctl
    adopt(_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        until = time.monotonic() + _LIMIT_SECONDS
        while (left := _children() - before) and time.monotonic() < until:
            for pid in left:
                with contextlib.suppress(ProcessLookupError, ChildProcessError):
                    os.kill(pid, signal.SIGKILL)
                    # What it leaves in turn comes here next.
                    os.waitpid(pid, 0)
        adopt(_SUBREAPER, 0, 0, 0, 0)


def _children() -> set[int]:
    own, found = str(os.getpid()), set()
    # Asked twice for each command, among all processes of the machine: pathlib takes three times as long.
    for name in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208
        with contextlib.suppress(OSError), open(f"/proc/{name}/stat", errors="replace") as file:  # noqa: PTH123
            # The name of a process, in brackets, may hold anything.
            if file.read().rpartition(")")[2].split()[1] == own:
                found.add(int(name))
    return found
