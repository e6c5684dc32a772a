"""Signals: the first one asks a run to stop, and none of them cuts its clean-up off."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interruptible() -> Iterator[None]:
    """SIGTERM raises KeyboardInterrupt, as SIGINT does: a scheduler's time-out is cleaned up after as well."""

    def stop(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    yield from _handling(stop, (signal.SIGTERM,))


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
    before = {number: signal.signal(number, handler) for number in signals}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
