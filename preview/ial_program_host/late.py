"""Parts of the SDK and of providers that a program may not use: they are loaded when it does."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import LazyLoader
from types import ModuleType

from .late_exports import LateExports

# What drives the Pulumi CLI, and what packs the code of dynamic resources.
MODULES = frozenset({"pulumi.automation", "dill"})


class Late(MetaPathFinder):
    """Finds these modules as usual, and leaves them unread until somebody asks for a name in one."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The module's place; None for all other modules."""
        service = name.startswith("pulumi_") and name.count(".") == 1
        spec = PathFinder.find_spec(name, path, target) if service or name in MODULES else None
        if spec is None or spec.loader is None:
            return None
        if not service:
            spec.loader = LazyLoader(spec.loader)
        elif spec.submodule_search_locations and isinstance(spec.loader, SourceFileLoader):
            spec.loader = LateExports(name, spec.loader.path)
        return spec


def install() -> None:
    """Begins with it."""
    sys.meta_path.insert(0, Late())
