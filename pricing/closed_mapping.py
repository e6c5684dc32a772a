"""A mapping of which every key must be known, and whose errors name file, key, value and what is accepted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar

from contract.reading.errors import shown
from contract.reading.numbers import number_of
from contract.reading.source_file import at
from pricing.errors import UsageError

_Choice = TypeVar("_Choice", bound=str)


class ClosedMapping:
    """Typed reads of one mapping of a file; `accepted` None leaves the keys free, as for names."""

    def __init__(self, data: object, file: str, place: str, accepted: tuple[str, ...] | None) -> None:
        self._file, self._place = file, place
        if not isinstance(data, Mapping):
            msg = f"{at(file, place)}: expected a mapping, got {shown(data)}"
            raise UsageError(msg)
        for key in data:
            if not isinstance(key, str) or (accepted is not None and key not in accepted):
                listed = f"; accepted: {', '.join(accepted)}" if accepted else "; accepted: text"
                msg = f"{at(file, self._path(str(key)))}: unknown key{listed}"
                raise UsageError(msg)
        self._data: Mapping[str, object] = data

    def keys(self) -> Iterator[str]:
        """The keys that are there."""
        return iter(self._data)

    def has(self, key: str) -> bool:
        """Whether the key is there; a null counts, and is refused by the typed read."""
        return key in self._data

    def raw(self, key: str, *, needed: bool = False) -> object:
        """The value as it is; None when absent.

        Raises:
            UsageError: it is needed and absent.
        """
        if needed and key not in self._data:
            msg = f"{at(self._file, self._path(key))}: missing; add it"
            raise UsageError(msg)
        return self._data.get(key)

    def refuse(self, key: str, accepted: str) -> UsageError:
        """The error for a value that is not accepted."""
        return UsageError(f"{at(self._file, self._path(key))}: {shown(self._data.get(key))}; accepted: {accepted}")

    def mapping(self, key: str, accepted: tuple[str, ...] | None) -> ClosedMapping:
        """A needed mapping inside this one."""
        return ClosedMapping(self.raw(key, needed=True), self._file, self._path(key), accepted)

    def mappings(self, key: str, accepted: tuple[str, ...]) -> list[ClosedMapping]:
        """A list of mappings; empty when absent."""
        items = self.raw(key)
        if items is None:
            return []
        if not isinstance(items, list):
            raise self.refuse(key, "a list")
        return [ClosedMapping(item, self._file, f"{self._path(key)}[{n}]", accepted) for n, item in enumerate(items)]

    def text(self, key: str, pattern: str, accepted: str) -> str:
        """A needed text that matches the pattern."""
        value = self.raw(key, needed=True)
        if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
            raise self.refuse(key, accepted)
        return value

    def choice(self, key: str, accepted: tuple[_Choice, ...]) -> _Choice:
        """A needed text that is one of these."""
        value = self.raw(key, needed=True)
        for option in accepted:
            if value == option:
                return option
        raise self.refuse(key, ", ".join(accepted))

    def whole(self, key: str, low: int, high: int) -> int:
        """A needed whole number between two bounds, both included."""
        value = self.raw(key, needed=True)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.refuse(key, f"a whole number from {low} to {high}")
        return value

    def amount(self, key: str, high: Decimal = Decimal(1_000_000)) -> Decimal:
        """A needed number of zero or more, as text or as a number."""
        number = _number(self.raw(key, needed=True), Decimal(0), high)
        if number is None:
            raise self.refuse(key, f"a number from 0 to {high}")
        return number

    def amounts(self, key: str, low: Decimal, high: Decimal) -> tuple[Decimal, ...]:
        """A needed list of numbers between two bounds, both included."""
        items = self.raw(key, needed=True)
        numbers = [_number(item, low, high) for item in items] if isinstance(items, list) else [None]
        known = tuple(number for number in numbers if number is not None)
        if len(known) < len(numbers):
            raise self.refuse(key, f"a list of numbers from {low} to {high}")
        return known

    def day(self, key: str) -> date:
        """A needed date."""
        try:
            return date.fromisoformat(str(self.raw(key, needed=True)))
        except ValueError:
            raise self.refuse(key, "a date YYYY-MM-DD") from None

    def _path(self, key: str) -> str:
        return f"{self._place}.{key}" if self._place else key


def _number(value: object, low: Decimal, high: Decimal) -> Decimal | None:
    number = number_of(value)
    return number if number is not None and low <= number <= high else None
