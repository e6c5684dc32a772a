"""Declared usage: what a month is expected to bring, for what the program alone cannot tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from contract.reading.errors import shown
from contract.reading.numbers import number_of
from contract.reading.source_file import at
from pricing.errors import UsageError
from pricing.quantity import Quantity
from pricing.units import accepted, factor

_CASES: Final = ("minimum", "expected", "maximum")
_NOTES: Final = ("unit", "source", "date", "from_stage")
_SECTIONS: Final = ("types", "resources")
# The stages of the roll-out, which the program knows too. What they may cost is each environment's own.
LAST_STAGE: Final = 8
# The unit of a type's usage key; None where no rule knows the key.
UnitOf = Callable[[str, str], str | None]


@dataclass(frozen=True)
class Usage:
    """Usage by resource type and by logical resource name; the name wins.

    `units` are those that the file gives, by section, name and key.
    """

    types: Mapping[str, Mapping[str, Quantity]] = field(default_factory=dict)
    resources: Mapping[str, Mapping[str, Quantity]] = field(default_factory=dict)
    file: str = "usage"
    place: str = "usage"
    units: Mapping[tuple[str, str, str], str] = field(default_factory=dict)

    def declared(self, type_token: str, name: str, key: str, unit_of: UnitOf) -> Quantity | None:
        """What is declared for this resource, else for its type, in the unit of the key; None for nothing.

        `unit_of` gives the unit of a type's key. What has one that does not convert counts as nothing; `wrong_units`
        tells it.
        """
        for section, held, entry in (("resources", self.resources, name), ("types", self.types, type_token)):
            if (quantity := held.get(entry, {}).get(key)) is not None:
                given = self.units.get((section, entry, key))
                return quantity if given is None else _converted(quantity, given, unit_of(type_token, key))
        return None

    @classmethod
    def from_mapping(cls, data: object, file: str, *, stage: int = LAST_STAGE, place: str = "usage") -> Usage:
        """Reads `{types: {TYPE: {key: value}}, resources: {NAME: {key: value}}}`.

        A value is a number, or a mapping with `expected` and optionally `minimum`, `maximum`, `unit`, `source`,
        `date`, and `from_stage`: the stage from which it applies. `place` is where the file has it.

        Raises:
            UsageError: anything else is found; the message names file, key, value and what is accepted.
        """
        sections = _mapping(data if data is not None else {}, file, place, _SECTIONS)
        units: dict[tuple[str, str, str], str] = {}
        types, resources = (_entries(sections.get(name), file, (place, name), stage, units) for name in _SECTIONS)
        return cls(types=types, resources=resources, file=file, place=place, units=units)

    def at(self, *path: str) -> str:
        """Where the file has a value, for the head of a message."""
        return at(self.file, ".".join(filter(None, (self.place, *path))))

    def wrong_units(self, keys: Mapping[str, Mapping[str, str]], named: Mapping[str, Iterable[str]]) -> list[str]:
        """One sentence for each unit that is not that of its key and does not convert to it; `keys` has the units."""
        found: list[str] = []
        for (section, name, key), given in self.units.items():
            types = [name] if section == "types" else named.get(name, ())
            for wanted in sorted({keys[token][key] for token in types if key in keys.get(token, {})}):
                if factor(given, wanted) is None:
                    place = self.at(section, name, key, "unit")
                    found.append(f"{place}: {shown(given)} is no unit of this key; accepted: {accepted(wanted)}")
        return found

    def unused(self, known_keys: Mapping[str, Iterable[str]], named: Mapping[str, Iterable[str]]) -> list[str]:
        """What nothing will read: types and keys no rule knows, names no resource has. Each is likely a typo.

        `known_keys` gives the keys of every type with a rule, `named` the types of every resource name in the stack.
        """
        found: list[str] = []
        for token, keys in self.types.items():
            if token not in known_keys:
                found.append(f"{self.at('types', token)}: no price rule has this type")
                continue
            found += [
                f"{self.at('types', token, key)}: unknown usage key; accepted: {_listed(known_keys[token])}"
                for key in keys
                if key not in set(known_keys[token])
            ]
        for name, keys in self.resources.items():
            if name not in named:
                found.append(f"{self.at('resources', name)}: the stack has no resource of this name")
                continue
            accepted = {key for token in named[name] for key in known_keys.get(token, ())}
            found += [
                f"{self.at('resources', name, key)}: unknown usage key; accepted: {_listed(accepted)}"
                for key in keys
                if key not in accepted
            ]
        return found


def _converted(quantity: Quantity, given: str, wanted: str | None) -> Quantity | None:
    by = factor(given, wanted) if wanted is not None else None
    return None if by is None else quantity * by if by != 1 else quantity


def _listed(keys: Iterable[str]) -> str:
    return ", ".join(sorted(keys)) or "none"


def _mapping(data: object, file: str, key: str, among: tuple[str, ...] | None = None) -> Mapping[str, object]:
    if not isinstance(data, Mapping):
        msg = f"{at(file, key)}: expected a mapping, got {shown(data)}"
        raise UsageError(msg)
    for name in data:
        if not isinstance(name, str) or (among is not None and name not in among):
            known = f"; accepted: {', '.join(among)}" if among else ""
            msg = f"{at(file, _inside(key, name))}: unknown key{known}"
            raise UsageError(msg)
    return data


def _inside(place: str, name: object) -> str:
    return f"{place}.{name}" if place else str(name)


def _entries(
    data: object, file: str, within: tuple[str, str], stage: int, units: dict[tuple[str, str, str], str]
) -> dict[str, dict[str, Quantity]]:
    found: dict[str, dict[str, Quantity]] = {}
    section = _inside(*within)
    for name, keys in _mapping({} if data is None else data, file, section).items():
        place = f"{section}.{name}"
        for key, value in _mapping(keys, file, place).items():
            if (quantity := _quantity(value, file, f"{place}.{key}", stage)) is None:
                continue
            found.setdefault(name, {})[key] = quantity
            if isinstance(value, Mapping) and "unit" in value:
                units[within[1], name, key] = _text(value["unit"], file, f"{place}.{key}.unit")
    return found


def _quantity(value: object, file: str, key: str, stage: int) -> Quantity | None:
    if not isinstance(value, Mapping):
        return Quantity.exact(_number(value, file, key))
    entry = _mapping(value, file, key, _CASES + _NOTES)
    if "expected" not in entry:
        msg = f"{at(file, key)}: `expected` is missing; accepted: {', '.join(_CASES + _NOTES)}"
        raise UsageError(msg)
    expected = _number(entry["expected"], file, f"{key}.expected")
    minimum = _number(entry.get("minimum", entry["expected"]), file, f"{key}.minimum")
    maximum = _number(entry.get("maximum", entry["expected"]), file, f"{key}.maximum")
    first_stage = _number(entry.get("from_stage", 0), file, f"{key}.from_stage")
    _check_notes(entry, file, key)
    try:
        quantity = Quantity(minimum, expected, maximum)
    except ValueError as error:
        msg = f"{at(file, key)}: {error}"
        raise UsageError(msg) from error
    return quantity if stage >= first_stage else None


def _check_notes(entry: Mapping[str, object], file: str, key: str) -> None:
    for name in ("unit", "source"):
        if name in entry:
            _text(entry[name], file, f"{key}.{name}")
    if "date" in entry and not _is_day(entry["date"]):
        msg = f"{at(file, f'{key}.date')}: {shown(entry['date'])}; accepted: a day that exists, YYYY-MM-DD"
        raise UsageError(msg)


def _is_day(value: object) -> bool:
    text = str(value)
    try:
        return text == date.fromisoformat(text).isoformat()
    except ValueError:
        return False


def _text(value: object, file: str, key: str) -> str:
    if not isinstance(value, str) or not value.strip():
        msg = f"{at(file, key)}: {shown(value)}; accepted: text"
        raise UsageError(msg)
    return value


def _number(value: object, file: str, key: str) -> Decimal:
    number = number_of(value)
    if number is None or number < 0:
        msg = f"{at(file, key)}: {shown(value)} is not a number of zero or more"
        raise UsageError(msg)
    return number
