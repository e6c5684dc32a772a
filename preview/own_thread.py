"""A thread that does what it is given, one after the other, and that nobody waits for when the process ends."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class OwnThread:
    """What may not be cut off by a signal is done here: a signal raises in the main thread, between any two lines.

    `ThreadPoolExecutor` will not do. A signal while it starts its thread leaves one that it does not know, for which
    Python waits without end when the process is over.
    """

    def __init__(self, name: str) -> None:
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, act: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Does it when all before it is done; the future holds what it gave or raised."""
        future: Future[T] = Future()

        def do() -> None:
            try:
                future.set_result(act(*args, **kwargs))
            except BaseException as error:
                # It is raised where the result is asked for.
                future.set_exception(error)

        self._work.put(do)
        return future

    def end(self) -> None:
        """Waits until all is done that was given; nothing may be given afterwards."""
        self._work.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (do := self._work.get()) is not None:
            do()
            # What it held is not kept until the next.
            del do
