"""What cannot be read."""

from __future__ import annotations

from typing import Final

_LONGEST_SHOWN: Final = 80


class ReadingError(ValueError):
    """A file cannot be read as it is; one line that names file, line, key, value and what is accepted."""


def shown(value: object) -> str:
    """A value in a message: never longer than a line."""
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 3]}..."
