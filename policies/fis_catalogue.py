"""The actions and fault documents of AWS FIS with their parameters: data, refreshed by `ial chaos refresh-actions`."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from contract.reading.files import read_json_file
from contract.reading.numbers import plain_number
from pricing.errors import CatalogError

FILE: Final = Path(__file__).with_name("fis_actions.json")
VERSION: Final = 1


@dataclass(frozen=True)
class Signature:
    """What an action or a document takes. `targets` maps the key of an action's target to its resource type."""

    required: frozenset[str]
    optional: frozenset[str]
    targets: Mapping[str, str]

    @property
    def names(self) -> frozenset[str]:
        """Every parameter."""
        return self.required | self.optional


@dataclass(frozen=True)
class Catalogue:
    """Actions by id and documents by name, as they were on the day `read`."""

    actions: Mapping[str, Signature]
    documents: Mapping[str, Signature]
    read: str


@cache
def catalogue(file: Path = FILE) -> Catalogue:
    """The catalogue that came with the pack.

    Raises:
        CatalogError: the file is missing or damaged: then no template can be judged.
    """
    try:
        data: Any = read_json_file(file, "a catalogue of FIS actions", number=plain_number).data
        if data["version"] != VERSION:
            msg = f"version {data['version']!r}"
            raise ValueError(msg)
        return Catalogue(
            actions={name: _signature(entry) for name, entry in data["actions"].items()},
            documents={name: _signature(entry) for name, entry in data["documents"].items()},
            read=str(data["read"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{file}: not a catalogue of FIS actions of version {VERSION} ({error}); restore the file"
        raise CatalogError(msg) from error


def suggestion(wrong: str, known: Collection[str]) -> str:
    """What was probably meant, as the end of a sentence."""
    near = difflib.get_close_matches(wrong, sorted(known), n=1, cutoff=0.5)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"accepted: {', '.join(sorted(known)) or 'none'}" if len(known) <= 12 else "see `aws fis list-actions`"


def _signature(entry: Mapping[str, object]) -> Signature:
    targets = entry.get("targets", {})
    if not isinstance(targets, dict):
        msg = f"targets {targets!r}"
        raise TypeError(msg)
    return Signature(_names(entry, "required"), _names(entry, "optional"), targets)


def _names(entry: Mapping[str, object], key: str) -> frozenset[str]:
    names = entry[key]
    if not isinstance(names, list):
        msg = f"{key} {names!r}"
        raise TypeError(msg)
    return frozenset(map(str, names))
