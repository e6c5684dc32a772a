"""What rooms bring along by the name of a file: each `reasons.py` below `runners` lists reasons not to begin."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import runners


def modules_called(name: str) -> Iterator[ModuleType]:
    """Every module of this name in `runners`, by its path; lower rooms come first only by chance."""
    for found in sorted(info.name for info in pkgutil.walk_packages(runners.__path__, "runners.")):
        if found.rpartition(".")[2] == name:
            yield importlib.import_module(found)
