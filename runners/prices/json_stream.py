"""Reads a JSON file of any size a piece at a time: an object's members one by one, never the whole of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final, TextIO

_CHUNK: Final = 1 << 16
# No single member that is read as a whole is nearly as large.
_LARGEST_VALUE: Final = 1 << 24


class JsonStream:
    """A cursor over the text of a JSON document."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text, self._at, self._ended = "", 0, False
        self._decoder = json.JSONDecoder()

    def members(self) -> Iterator[str]:
        """The keys of the object at the cursor. The caller reads or skips each value before it asks for the next key.

        Raises:
            ValueError: there is no well-formed object here.
        """
        self._take("{")
        if self._peek() == "}":
            self._take("}")
            return
        while True:
            key = self.value()
            if not isinstance(key, str):
                msg = f"{key!r} is not a key"
                raise ValueError(msg)
            self._take(":")
            yield key
            if self._peek() != ",":
                break
            self._take(",")
        self._take("}")

    def value(self) -> object:
        """The value at the cursor as a whole.

        Raises:
            ValueError: it is not JSON, or larger than anything that should be read so.
        """
        self._peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except ValueError:
                if self._ended or len(self._text) - self._at > _LARGEST_VALUE:
                    raise
            else:
                # A number at the very end of what was read so far may go on.
                if end < len(self._text) or self._ended:
                    self._at = end
                    return value
            self._more()

    def skip_object(self) -> None:
        """Passes over an object member by member, so that a large one does not have to fit into memory."""
        if self._peek() != "{":
            self.value()
            return
        for _ in self.members():
            self.value()

    def _more(self) -> None:
        chunk = self._file.read(_CHUNK)
        self._ended = not chunk
        self._text, self._at = self._text[self._at :] + chunk, 0

    def _peek(self) -> str:
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\r\n":
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                msg = "the file ends too early"
                raise ValueError(msg)
            self._more()

    def _take(self, wanted: str) -> None:
        if self._peek() != wanted:
            msg = f"{self._text[self._at]!r} where {wanted!r} belongs"
            raise ValueError(msg)
        self._at += 1
