"""Declared usage: what a month is expected to bring, for what the program alone cannot tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from pricing.errors import UsageError
from pricing.quantity import Quantity

_CASES: Final = ("minimum", "expected", "maximum")
_NOTES: Final = ("unit", "source", "date", "from_stage")
_SECTIONS: Final = ("types", "resources")
LAST_STAGE: Final = 8


@dataclass(frozen=True)
class Usage:
    """Usage by resource type and by logical resource name; the name wins."""

    types: Mapping[str, Mapping[str, Quantity]] = field(default_factory=dict)
    resources: Mapping[str, Mapping[str, Quantity]] = field(default_factory=dict)
    file: str = "usage"

    def declared(self, type_token: str, name: str, key: str) -> Quantity | None:
        """What is declared for this resource, else for its type, else None."""
        by_name = self.resources.get(name, {}).get(key)
        return by_name if by_name is not None else self.types.get(type_token, {}).get(key)

    @classmethod
    def from_mapping(cls, data: object, file: str, *, stage: int = LAST_STAGE) -> Usage:
        """Reads `{types: {TYPE: {key: value}}, resources: {NAME: {key: value}}}`.

        A value is a number, or a mapping with `expected` and optionally `minimum`, `maximum`, `unit`, `source`,
        `date`, and `from_stage`: the stage from which it applies.

        Raises:
            UsageError: anything else is found; the message names file, key, value and what is accepted.
        """
        sections = _mapping(data if data is not None else {}, file, "usage", _SECTIONS)
        types = _entries(sections.get("types"), file, "types", stage)
        resources = _entries(sections.get("resources"), file, "resources", stage)
        return cls(types=types, resources=resources, file=file)

    def unused(self, known_keys: Mapping[str, Iterable[str]], named: Mapping[str, Iterable[str]]) -> list[str]:
        """What nothing will read: types and keys no rule knows, names no resource has. Each is likely a typo.

        `known_keys` gives the keys of every type with a rule, `named` the types of every resource name in the stack.
        """
        found: list[str] = []
        for token, keys in self.types.items():
            if token not in known_keys:
                found.append(f"{self.file}: usage.types.{token}: no price rule has this type")
                continue
            found += [
                f"{self.file}: usage.types.{token}.{key}: unknown usage key; accepted: {_listed(known_keys[token])}"
                for key in keys
                if key not in set(known_keys[token])
            ]
        for name, keys in self.resources.items():
            if name not in named:
                found.append(f"{self.file}: usage.resources.{name}: the stack has no resource of this name")
                continue
            accepted = {key for token in named[name] for key in known_keys.get(token, ())}
            found += [
                f"{self.file}: usage.resources.{name}.{key}: unknown usage key; accepted: {_listed(accepted)}"
                for key in keys
                if key not in accepted
            ]
        return found


def _listed(keys: Iterable[str]) -> str:
    return ", ".join(sorted(keys)) or "none"


def _mapping(data: object, file: str, key: str, accepted: tuple[str, ...] | None = None) -> Mapping[str, object]:
    if not isinstance(data, Mapping):
        msg = f"{file}: {key}: expected a mapping, got {data!r}"
        raise UsageError(msg)
    for name in data:
        if not isinstance(name, str) or (accepted is not None and name not in accepted):
            known = f"; accepted: {', '.join(accepted)}" if accepted else ""
            msg = f"{file}: {key}.{name}: unknown key{known}"
            raise UsageError(msg)
    return data


def _entries(data: object, file: str, section: str, stage: int) -> dict[str, dict[str, Quantity]]:
    found: dict[str, dict[str, Quantity]] = {}
    for name, keys in _mapping({} if data is None else data, file, f"usage.{section}").items():
        place = f"usage.{section}.{name}"
        values = {
            key: quantity
            for key, value in _mapping(keys, file, place).items()
            if (quantity := _quantity(value, file, f"{place}.{key}", stage)) is not None
        }
        if values:
            found[name] = values
    return found


def _quantity(value: object, file: str, key: str, stage: int) -> Quantity | None:
    if not isinstance(value, Mapping):
        return Quantity.exact(_number(value, file, key))
    entry = _mapping(value, file, key, _CASES + _NOTES)
    if "expected" not in entry:
        msg = f"{file}: {key}: `expected` is missing; accepted: {', '.join(_CASES + _NOTES)}"
        raise UsageError(msg)
    expected = _number(entry["expected"], file, f"{key}.expected")
    minimum = _number(entry.get("minimum", entry["expected"]), file, f"{key}.minimum")
    maximum = _number(entry.get("maximum", entry["expected"]), file, f"{key}.maximum")
    first_stage = _number(entry.get("from_stage", 0), file, f"{key}.from_stage")
    try:
        quantity = Quantity(minimum, expected, maximum)
    except ValueError as error:
        msg = f"{file}: {key}: {error}"
        raise UsageError(msg) from error
    return quantity if stage >= first_stage else None


def _number(value: object, file: str, key: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        number = None
    else:
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = None
    if number is None or not number.is_finite() or number < 0:
        msg = f"{file}: {key}: {value!r} is not a number of zero or more"
        raise UsageError(msg)
    return number
