"""Reads the YAML files of a project, as Pulumi does: every fault as one line that names file and line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from contract.reading.errors import ReadingError, shown
from contract.reading.files import read_yaml_file
from contract.reading.scalars import PULUMIS
from preview.errors import ProjectError


def read_yaml(file: Path, needed: str = "name a folder with a Pulumi program by --program") -> Mapping[str, object]:
    """The mapping in a file, empty for an empty file; `needed` says what to do where there is none.

    Raises:
        ProjectError: the file is missing, is not YAML or holds something else.
    """
    if not file.exists():
        msg = f"{file}: no such file; {needed}"
        raise ProjectError(msg)
    try:
        data = read_yaml_file(file, "a YAML file of a Pulumi project", dialect=PULUMIS).data
    except ReadingError as error:
        raise ProjectError(str(error)) from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        msg = f"{file}: expected a mapping, got {shown(data)}"
        raise ProjectError(msg)
    return data


def section(data: Mapping[str, object], file: Path, key: str) -> Mapping[str, object]:
    """A mapping from names to values in a file's data; empty when absent.

    Raises:
        ProjectError: it is something else.
    """
    found = data.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        msg = f"{file}: {key}: expected a mapping from names to values, got {shown(found)}"
        raise ProjectError(msg)
    return found
