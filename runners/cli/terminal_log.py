"""The log as people see it: what they are told, and with `--log-level` the rest, on stderr."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import Final

from runners.runs.run_log import LOGGER, TOLD, Backlog

# They say what they do without headers, bodies and keys; the rest of botocore stays quiet at every level.
_LIBRARIES: Final = ("botocore.credentials", "botocore.retries", "urllib3.connectionpool")


class TerminalHandler(logging.Handler):
    """Shows what people are told as it is, and other records of the wanted level with time and level."""

    wanted: int | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Shows one, or not."""
        text = record.getMessage()
        if getattr(record, TOLD, False):
            print(text, file=sys.stderr, flush=True)
        elif self.wanted is not None and record.levelno >= self.wanted:
            at = datetime.fromtimestamp(record.created, UTC)
            print(f"{at:%H:%M:%S} {record.levelname.lower():<7} {text}", file=sys.stderr, flush=True)
        elif self.wanted is None and _is_warning_of_others(record):
            print(text, file=sys.stderr, flush=True)


_TERMINAL: Final = TerminalHandler()
_BACKLOG: Final = Backlog()


def shown() -> logging.Logger:
    """The logger whose told records people see."""
    root = logging.getLogger()
    if _TERMINAL not in root.handlers:
        root.addHandler(_TERMINAL)
    return LOGGER


def log_from(level: str | None) -> None:
    """From now on people see records of this level, such as `debug`, and above; None: only what they are told."""
    shown()
    _TERMINAL.wanted = None if level is None else logging.getLevelNamesMapping()[level.upper()]
    _BACKLOG.taken()
    logging.getLogger().addHandler(_BACKLOG)
    for name in _LIBRARIES:
        logging.getLogger(name).setLevel(logging.DEBUG if _TERMINAL.wanted == logging.DEBUG else logging.NOTSET)


def _is_warning_of_others(record: logging.LogRecord) -> bool:
    """Whether Python itself would show it where nobody logs."""
    return record.levelno >= logging.WARNING and not record.name.startswith(LOGGER.name)
