"""Processes that do not outlive this one, even if it is killed. Only Linux does that; elsewhere they may."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from preview.own_thread import OwnThread

_SCRIPT: Final = Path(__file__).with_name("dying_with_parent.py")


def with_parent(command: Sequence[str], *, asking: bool = False) -> list[str]:
    """The command for `subprocess`, ended when this thread is gone: killed, or `asking`, for what has a state to write.

    What is asked must be in a process group of its own.
    """
    if sys.platform != "linux":
        return list(command)
    return [sys.executable, "-I", "-S", str(_SCRIPT), str(os.getpid()), "asking" if asking else "at-once", *command]


def child(command: Sequence[str], *, asking: bool = False, **options: Any) -> subprocess.Popen[Any]:
    """A process that ends with this one, as `with_parent` says, whatever thread wants it.

    Raises:
        OSError: there can be no more processes.
    """
    return _LASTING.started(with_parent(command, asking=asking), options)


class _LastingThread:
    """The kernel takes the end of a thread for the end of the parent: so one thread, which lasts, starts them all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: tuple[int, OwnThread] | None = None

    def started(self, command: list[str], options: dict[str, Any]) -> subprocess.Popen[Any]:
        """Starts a process there; raises what that raises."""
        with self._lock:
            # A process that was forked has no threads of its parent's.
            if self._held is None or self._held[0] != os.getpid():
                self._held = os.getpid(), OwnThread("children")
            starting = self._held[1].submit(self._start, command, options)
        return starting.result()

    @staticmethod
    def _start(command: list[str], options: dict[str, Any]) -> subprocess.Popen[Any]:
        return subprocess.Popen(command, **options)


_LASTING: Final = _LastingThread()
