"""Brings the pack's catalogue of FIS actions up to what FIS says today, and tells the difference."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from contract.parts import RecordPart, plain
from contract.reading.files import read_json_file
from contract.reading.numbers import plain_number
from contract.writing.files import write_whole
from runners.errors import InputError

VERSION: Final = 1
SOURCE: Final = "fis:ListActions and fis:GetAction"


@dataclass(frozen=True, kw_only=True)
class ListedAction:
    """An action as FIS lists it. `targets` maps the key of a target to its resource type."""

    id: str
    targets: Mapping[str, str]
    required: frozenset[str]
    optional: frozenset[str]

    def document(self) -> dict[str, Any]:
        """As it stands in the catalogue."""
        return {
            "targets": dict(sorted(self.targets.items())),
            "required": sorted(self.required),
            "optional": sorted(self.optional),
        }


class ActionSource(Protocol):
    """Where the actions are listed."""

    def actions(self) -> Iterable[ListedAction]:
        """Every action of the region."""


class ActionRefresh(RecordPart, frozen=True, kw_only=True):
    """How the pack's catalogue of FIS actions differs from what FIS lists: `ial chaos refresh-actions --json`.

    Attributes:
        version: Version of this document.
        added: Actions that the catalogue did not have.
        changed: Actions whose targets or parameters differ.
        missing: Actions of the catalogue that the region lacks; they stay.
        written: Whether the catalogue was written.
    """

    version: Literal[1] = 1
    added: tuple[str, ...]
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    written: bool

    def document(self) -> dict[str, Any]:
        """For machines, as `schemas/action-refresh.schema.json` describes it."""
        return plain(self)


def refresh_actions(source: ActionSource, file: Path, today: date, *, write: bool) -> ActionRefresh:
    """Compares the catalogue with what FIS lists, and writes it when asked to.

    Raises:
        InputError: the catalogue is missing or damaged.
        AwsError: FIS could not be asked.
        WritingError: the catalogue cannot be written.
    """
    catalogue = _read(file)
    held: dict[str, Any] = catalogue["actions"]
    listed = {action.id: action.document() for action in source.actions()}
    added = sorted(listed.keys() - held.keys())
    changed = sorted(id_ for id_ in listed.keys() & held.keys() if listed[id_] != held[id_])
    if write:
        merged = dict(sorted({**held, **listed}.items()))
        _write(file, {**catalogue, "source": SOURCE, "read": today.isoformat(), "actions": merged})
    return ActionRefresh(
        added=tuple(added),
        changed=tuple(changed),
        missing=tuple(sorted(held.keys() - listed.keys())),
        written=write,
    )


def _read(file: Path) -> dict[str, Any]:
    try:
        data: Any = read_json_file(file, "a catalogue of FIS actions", number=plain_number).data
        if data["version"] != VERSION or not isinstance(data["actions"], dict):
            raise ValueError
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{file}: not a catalogue of FIS actions of version {VERSION}; restore it from the repository"
        raise InputError(msg) from error
    return dict(data)


def _write(file: Path, catalogue: Mapping[str, Any]) -> None:
    write_whole(file, json.dumps(catalogue, indent=2) + "\n", private=False)
