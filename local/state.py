"""What the local cloud holds for one stack: written before each effect, so that a crash loses nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from contract.reading.files import read_json_file
from contract.reading.numbers import plain_number
from contract.writing.files import private_folder, write_whole
from local.errors import LocalCloudError

VERSION: Final = 1


@dataclass(kw_only=True)
class Held:
    """One resource. `pending`: an effect was begun and its end was not seen. `retain`: it is never deleted."""

    urn: str
    type: str
    name: str
    id: str = ""
    inputs: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    wire: dict[str, Any] = field(default_factory=dict)
    parent: str = ""
    dependencies: list[str] = field(default_factory=list)
    custom: bool = True
    emulated: bool = True
    pending: bool = False
    retain: bool = False


@dataclass
class StackState:
    """The state file of one stack."""

    file: Path
    instance: str = ""
    resources: dict[str, Held] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, file: Path) -> StackState:
        """Reads the state; an absent file is an empty state.

        Raises:
            LocalCloudError: the file is not a state.
        """
        if not file.exists():
            return cls(file)
        try:
            document: Any = read_json_file(file, "a state of the local cloud", number=plain_number).data
            if document["version"] != VERSION:
                msg = f"version {document['version']!r}; accepted is {VERSION}"
                raise ValueError(msg)
            resources = {entry["urn"]: Held(**entry) for entry in document["resources"]}
            return cls(file, document["instance"], resources, document["outputs"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            msg = f"{file}: not a state of the local cloud ({error}); run `ial down`, or delete the file"
            raise LocalCloudError(msg) from error

    def save(self) -> None:
        """Writes the state so that a reader sees the old one or the new one, never half of it.

        Raises:
            WritingError: it cannot be written.
        """
        document = {
            "version": VERSION,
            "instance": self.instance,
            "resources": [vars(held) for held in self.resources.values()],
            "outputs": self.outputs,
        }
        private_folder(self.file.parent)
        write_whole(self.file, json.dumps(document))

    def forget_if_cloud_is_new(self, instance: str) -> None:
        """Drops everything when the cloud was restarted since: it came up empty."""
        if self.instance != instance:
            self.resources.clear()
            self.outputs.clear()
            self.instance = instance
