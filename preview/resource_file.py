"""Reads a file of resources whatever it is: a preview digest, a state export, or a plain list."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from preview.existing import Existing
from preview.preview_json import read_preview
from preview.resource_list import read_resource_list
from preview.state_export import read_state_export
from pricing.errors import ResourceFileError
from pricing.json_file import read_json
from pricing.resource import Graph

_ACCEPTED: Final = (
    "a list of {type, name, properties}, the output of `pulumi preview --json --show-sames`, "
    "or of `pulumi stack export`"
)


class ResourceFileKind(StrEnum):
    """What a file of resources turned out to be."""

    PREVIEW = "preview"
    STATE = "state"
    LIST = "list"


@dataclass(frozen=True, kw_only=True)
class ResourceFile:
    """The resources of a file, those that an update would replace, and what the file leaves open."""

    kind: ResourceFileKind
    graph: Graph
    replaced: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    existing: Existing | None = None


def read_resource_file(path: Path) -> ResourceFile:
    """Reads the file and tells what it is by its content.

    Raises:
        ResourceFileError: the file cannot be read, is not JSON, or is none of the three kinds.
    """
    document = read_json(path, _ACCEPTED)
    return read_resources(document.data, document.file)


def read_resources(data: object, file: str) -> ResourceFile:
    """Reads parsed JSON (numbers as `Decimal`) under the name of the file it came from.

    Raises:
        ResourceFileError: it is none of the three kinds, or malformed.
    """
    if isinstance(data, list):
        return ResourceFile(kind=ResourceFileKind.LIST, graph=read_resource_list(data, file))
    if isinstance(data, dict) and "deployment" in data:
        deployed = read_state_export(data, file)
        return ResourceFile(
            kind=ResourceFileKind.STATE, graph=deployed.graph, notes=deployed.notes, existing=deployed.existing
        )
    if isinstance(data, dict) and ("steps" in data or "changeSummary" in data):
        digest = read_preview(data, file)
        return ResourceFile(
            kind=ResourceFileKind.PREVIEW, graph=digest.graph, replaced=digest.replaced, notes=digest.notes
        )
    msg = f"{file}: none of the kinds of file that can be priced; accepted: {_ACCEPTED}"
    raise ResourceFileError(msg)
