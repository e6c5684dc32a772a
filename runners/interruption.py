"""Signals: the first one asks a run to stop, and none of them cuts its clean-up off."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

# A terminal that was closed says SIGHUP; `nohup` ignores it, which stays so.
_ENDS: Final = (signal.SIGTERM, signal.SIGHUP)
_SIGNALS: Final = (signal.SIGINT, *_ENDS)


@contextmanager
def interruptible() -> Iterator[None]:
    """SIGTERM and SIGHUP raise KeyboardInterrupt as SIGINT does: a scheduler's time-out is cleaned up after too."""

    def stop(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    yield from _handling(stop, _ENDS)


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
