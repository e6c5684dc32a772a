"""Reads one object of the configuration, value by value. Every error names the key, the value and what is accepted.

Plain code rather than a validation library: the program starts on every preview, and this costs it no import.
"""

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import pulumi

from contract.reading.json_text import read_json
from contract.reading.numbers import plain_number

T = TypeVar("T")
_LONGEST_VALUE = 80


class SettingsError(pulumi.RunError):
    """A setting is wrong. Pulumi prints a RunError as one line, without a traceback."""


class Reader:
    """One object. Each read marks its key as known; `close` refuses the others."""

    def __init__(self, values: object, path: str, *, encoded: bool = False) -> None:
        """Starts on `values`; `encoded` says that they are texts that hold JSON, as a stack's own settings are."""
        if not isinstance(values, Mapping):
            raise _refused(path.rstrip(".:"), values, "an object")
        self._values, self._path, self._encoded = values, path, encoded
        self._seen: dict[str, Any] = {}

    def close(self) -> None:
        """Refuses keys that nothing has read: they are most likely misspelt."""
        for key in self._values:
            if key not in self._seen:
                msg = f"{self._path}{key} is not a setting; accepted: {', '.join(sorted(self._seen))}"
                raise SettingsError(msg)

    def refuse(self, key: str, accepted: str, value: object = None) -> SettingsError:
        """The error for a value that is wrong for a reason of its own; `value` is given for a key further down."""
        return _refused(self._path + key, self._seen.get(key) if value is None else value, accepted)

    def has(self, key: str) -> bool:
        """Whether the key is set."""
        return self._values.get(key) is not None

    def count(self, key: str) -> int | None:
        """A whole number where something else may stand too; None for anything else."""
        value = self._take(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def amount(self, key: str) -> str | None:
        """An amount of money above zero as written, which may be absent."""
        value = self._take(key, encoded=False)
        if value is None:
            return None
        text = str(value)
        if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,2})?", text) or not float(text):
            raise self.refuse(key, "USD a month, more than 0, at most two decimals")
        return text

    def text(self, key: str, pattern: str, accepted: str, default: str | None = None) -> str:
        """A text; without default it must be set."""
        value = self._take(key, encoded=False)
        if value is None:
            return self._required(key, default, accepted)
        if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
            raise self.refuse(key, accepted)
        return value

    def maybe_text(self, key: str, pattern: str, accepted: str) -> str | None:
        """A text that may be absent."""
        return None if self._take(key, encoded=False) is None else self.text(key, pattern, accepted)

    def choice(self, key: str, among: Mapping[str, T], default: T) -> T:
        """One of a closed set."""
        value = self._take(key, encoded=False)
        if value is None:
            return default
        if not isinstance(value, str) or value not in among:
            raise self.refuse(key, ", ".join(among))
        return among[value]

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.refuse(key, "true or false")
        return value

    def whole(self, key: str, lowest: int, highest: int, default: int) -> int:
        """A whole number within bounds."""
        value = self._take(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise self.refuse(key, f"a whole number, {lowest} to {highest}")
        return value

    def maybe_whole(self, key: str, lowest: int, highest: int) -> int | None:
        """A whole number within bounds, which may be absent."""
        return None if self._take(key) is None else self.whole(key, lowest, highest, lowest)

    def one_of(self, key: str, among: Sequence[int]) -> int | None:
        """One of a closed set of whole numbers, which may be absent."""
        value = self._take(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value not in among:
            raise self.refuse(key, f"one of {', '.join(map(str, among))}")
        return value

    def number(self, key: str, lowest: float, highest: float, default: float | None = None) -> float:
        """A number within bounds; without default it must be set."""
        value = self._take(key)
        if value is None:
            return self._required(key, default, f"a number, {lowest:g} to {highest:g}")
        good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if not good or not lowest <= value <= highest:
            raise self.refuse(key, f"a number, {lowest:g} to {highest:g}")
        return float(value)

    def texts(self, key: str, pattern: str, accepted: str) -> tuple[str, ...]:
        """A list of texts, empty when absent."""
        values = self._list(key, accepted)
        for value in values:
            if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
                raise self.refuse(key, accepted)
        if len(set(values)) < len(values):
            raise self.refuse(key, f"{accepted}, each once")
        return tuple(values)

    def section(self, key: str, read: Callable[["Reader"], T]) -> T | None:
        """An object of its own, which may be absent or empty."""
        value = self._take(key)
        return None if value is None or value == {} else _closed(Reader(value, f"{self._path}{key}."), read)

    def sections(self, key: str, read: Callable[["Reader"], T]) -> tuple[T, ...]:
        """A list of objects, empty when absent."""
        values = self._list(key, "a list of objects")
        return tuple(
            _closed(Reader(value, f"{self._path}{key}[{number}]."), read) for number, value in enumerate(values)
        )

    def _list(self, key: str, accepted: str) -> list[Any]:
        value = self._take(key)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            raise self.refuse(key, accepted)
        return list(value)

    def _required(self, key: str, default: T | None, accepted: str) -> T:
        if default is None:
            msg = f"{self._path}{key} is not set; accepted: {accepted}"
            raise SettingsError(msg)
        return default

    def _take(self, key: str, *, encoded: bool = True) -> Any:
        value = self._values.get(key)
        if encoded and self._encoded and isinstance(value, str):
            value = _decoded(value)
        self._seen[key] = value
        return value


def _decoded(text: str) -> Any:
    try:
        return read_json(text, "setting", plain_number).data
    except ValueError:
        return text


def _closed(reader: Reader, read: Callable[[Reader], T]) -> T:
    found = read(reader)
    reader.close()
    return found


def _refused(key: str, value: object, accepted: str) -> SettingsError:
    text = json.dumps(value, default=str, ensure_ascii=False)
    shown = text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 3] + "..."
    return SettingsError(f"{key} is {shown}; accepted: {accepted}")
