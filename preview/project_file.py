"""Reads the YAML files of a project: every fault as one line that names the file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import yaml

from preview.errors import ProjectError

# The C reader is ten times as fast; it is there whenever PyYAML was installed from a wheel.
_Loader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(file: Path) -> Mapping[str, object]:
    """The mapping in a file; empty for an empty file.

    Raises:
        ProjectError: the file is missing, is not YAML or holds something else.
    """
    try:
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        msg = f"{file}: no such file; name a folder with a Pulumi program by --program"
        raise ProjectError(msg) from None
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{file}: cannot be read: {error}"
        raise ProjectError(msg) from error
    except yaml.YAMLError as error:
        msg = f"{file}: is not YAML: {' '.join(str(error).split())}"
        raise ProjectError(msg) from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        msg = f"{file}: expected a mapping, got {data!r}"
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
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        msg = f"{file}: {key}: expected a mapping from names to values, got {found!r}"
        raise ProjectError(msg)
    return found
