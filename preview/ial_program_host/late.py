"""Parts of the SDK that hardly any program uses: they are loaded when one does, and not before each run."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

# What drives the Pulumi CLI, and what packs the code of dynamic resources.
MODULES = frozenset({"pulumi.automation", "dill"})


class Late(MetaPathFinder):
    """Finds these modules as usual, and leaves them unread until somebody asks for a name in one."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The module's place; None for all other modules."""
        spec = PathFinder.find_spec(name, path, target) if name in MODULES else None
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def install() -> None:
    """Begins with it."""
    sys.meta_path.insert(0, Late())
