"""Signals: the first one asks a run to stop, and none of them cuts its clean-up off."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

# A terminal that was closed says SIGHUP; `nohup` ignores it, which stays so.
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruption(KeyboardInterrupt):
    """An interrupt by one of the signals.

    CPython notes a plain KeyboardInterrupt that leaves `exec`, with which imports make dataclasses, and then ends the
    process by SIGINT, however it was handled (`_Py_UnhandledKeyboardInterrupt` of its pythonrun.c).
    """


@contextmanager
def interruptible() -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP raise KeyboardInterrupt: a scheduler's time-out is cleaned up after as well."""

    def stop(_: int, __: FrameType | None) -> None:
        raise Interruption

    yield from _handling(stop, _SIGNALS)


@contextmanager
def uninterrupted(say: Callable[[str], object]) -> Iterator[None]:
    """Signals are answered with a line, and otherwise wait for the end of the block."""

    def told(_: int, __: FrameType | None) -> None:
        say("cleaning up; this does not stop before it is done")

    yield from _handling(told, _SIGNALS)


def _handling(handler: Callable[[int, FrameType | None], None], signals: tuple[signal.Signals, ...]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heeded = [number for number in signals if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handler) for number in heeded}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
