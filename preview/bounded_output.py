"""What a program prints: its end is kept, the rest is counted, and neither disk nor memory fills up with it."""

from __future__ import annotations

import contextlib
import os
import threading
from types import TracebackType
from typing import Final, Self

MOST_BYTES: Final = 64 * 1024 * 1024
_KEPT_BYTES: Final = 64 * 1024
_LAST_LINES: Final = 10
_LINE_SHOWN: Final = 400
_LEAVING_SECONDS: Final = 5.0


class BoundedOutput:
    """One stream of a process: give it `sink`, then call `begun`. Leaving the context waits for its end."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._source, self.sink = os.pipe()
        self._most, self._count, self._end = most, 0, b""
        self._reader = threading.Thread(target=self._read, name="output", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.begun()
        # Whoever left something running that holds the stream is not waited for.
        self._reader.join(_LEAVING_SECONDS)

    @property
    def too_much(self) -> bool:
        """Whether it was more than it may be; what comes then is read, and kept no more than the rest."""
        return self._count > self._most

    def begun(self) -> None:
        """The process has the stream: here it ends with it."""
        if self.sink >= 0:
            os.close(self.sink)
            self.sink = -1

    def tail(self) -> str:
        """The end of what was printed, all of it once the process is gone."""
        if self.sink < 0:
            self._reader.join(_LEAVING_SECONDS)
        return self._end.decode(errors="replace")

    def _read(self) -> None:
        with contextlib.suppress(OSError):
            while chunk := os.read(self._source, _KEPT_BYTES):
                self._count += len(chunk)
                self._end = (self._end + chunk)[-_KEPT_BYTES:]
        os.close(self._source)


def last_lines(text: str) -> tuple[str, ...]:
    """The last lines of an output, for people: few, and none longer than a screen is wide."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    return tuple(line if len(line) <= _LINE_SHOWN else f"{line[:_LINE_SHOWN]}..." for line in lines[-_LAST_LINES:])
