"""Signals: the first one asks a run to stop, and none of them cuts its clean-up off."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

# A terminal that was closed says SIGHUP; `nohup` ignores it, which stays so. SIGALRM is one of them that comes again.
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)
_MOMENT_SECONDS: Final = 0.01
_LONGEST_SECONDS: Final = 5.0
# Files and functions of others, or all functions of a file.
_WHOLE: Final = (
    ("<frozen importlib._bootstrap>", None),
    ("threading.py", "start"),
    ("concurrent/futures/thread.py", "submit"),
    ("subprocess.py", "_execute_child"),
    ("grpc/_server.py", "start"),
)


class Interruption(KeyboardInterrupt):
    """An interrupt by one of the signals.

    CPython notes a plain KeyboardInterrupt that leaves `exec`, with which imports make dataclasses, and then ends the
    process by SIGINT, however it was handled (`_Py_UnhandledKeyboardInterrupt` of its pythonrun.c).
    """


@contextmanager
def interruptible() -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP raise KeyboardInterrupt: a scheduler's time-out is cleaned up after as well."""
    ignored = sys.unraisablehook

    def heard(unraisable: sys.UnraisableHookArgs) -> None:
        # It came in a finaliser or a callback, which raise nothing.
        if isinstance(unraisable.exc_value, Interruption):
            _come_again()
        else:
            ignored(unraisable)

    sys.unraisablehook = heard
    try:
        yield from _handling(_Stop(), _SIGNALS)
    finally:
        sys.unraisablehook = ignored


@contextmanager
def uninterrupted(say: Callable[[str], object]) -> Iterator[None]:
    """Signals are answered with a line, and otherwise wait for the end of the block."""

    def told(_: int, __: FrameType | None) -> None:
        say("cleaning up; this does not stop before it is done")

    yield from _handling(told, _SIGNALS)


class _Stop:
    """Raises, but not within what others must bring to its end: it then comes again a moment later."""

    def __init__(self) -> None:
        self._since: float | None = None

    def __call__(self, _: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        self._since = now if self._since is None else self._since
        if now - self._since < _LONGEST_SECONDS and is_half_done(frame):
            _come_again()
            return
        self._since = None
        raise Interruption


def is_half_done(frame: FrameType | None) -> bool:
    """Whether this is within an import, or the start of a thread or a process, of which half would stay for good.

    An import that ends there keeps its lock, for which every other thread waits; a thread or a process is then known to
    nobody who could end it.
    """
    while frame is not None:
        code = frame.f_code
        if any(code.co_filename.endswith(file) and name in (None, code.co_name) for file, name in _WHOLE):
            return True
        frame = frame.f_back
    return False


def _come_again() -> None:
    signal.setitimer(signal.ITIMER_REAL, _MOMENT_SECONDS)


def _handling(handler: Callable[[int, FrameType | None], None], signals: tuple[signal.Signals, ...]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # What comes again is ours: whoever ignored it meant alarms of their own.
    heeded = [n for n in signals if n is signal.SIGALRM or signal.getsignal(n) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handler) for number in heeded}
    try:
        yield
    finally:
        if before[signal.SIGALRM] in (signal.SIG_DFL, signal.SIG_IGN):
            # Nobody is left who would know what it means.
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, old in before.items():
            signal.signal(number, old)
