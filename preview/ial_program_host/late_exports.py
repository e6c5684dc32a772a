"""A provider's service, such as `pulumi_aws.s3`, is a package that loads all of its modules for the sake of one.

Here each module is loaded when somebody asks for one of its names; the names are in its `__all__`, which is read as
text. Whoever asks for anything else, or for the list of names, gets all modules first, as without this. A package
that consists of anything but the provider generator's usual lines is loaded as usual.
"""

from __future__ import annotations

import builtins
import re
import typing
from collections.abc import Iterable
from importlib import import_module
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

_STAR = re.compile(r"from \.(\w+) import \*")
_USUAL = frozenset(
    {"", "import builtins as _builtins", "from .. import _utilities", "import typing", "from . import outputs"}
)
_EXPORTS = re.compile(r"^__all__ = \[([^\]]*)\]", re.MULTILINE)
_OUTPUTS = "outputs"
_CHUNK = 8192


class LateExports(SourceFileLoader):
    """Loads a service's package without its modules."""

    def exec_module(self, module: ModuleType) -> None:
        """Makes the package; as usual where it is not a usual one."""
        modules = _modules(self.get_data(self.path).decode())
        owners = _owners(Path(self.path).parent, modules)
        if not owners:
            super().exec_module(module)
            return
        parent = module.__name__.rpartition(".")[0]
        module.__dict__.update(
            _builtins=builtins, typing=typing, _utilities=import_module(f"{parent}._utilities"), __owners__=owners
        )
        module.__class__ = Package


class Package(ModuleType):
    """A package whose names come when they are asked for."""

    __owners__: dict[str, str]

    def __getattr__(self, name: str) -> Any:
        owners = self.__dict__["__owners__"]
        if name in owners:
            import_module(f"{self.__name__}.{owners[name]}")
        elif name == _OUTPUTS or name in owners.values():
            import_module(f"{self.__name__}.{name}")
        elif name == "__all__" or not name.startswith("__"):
            self._load()
        try:
            return self.__dict__[name]
        except KeyError:
            msg = f"module {self.__name__!r} has no attribute {name!r}"
            raise AttributeError(msg) from None

    def __setattr__(self, name: str, value: Any) -> None:
        """Python binds each module that it loads; then its names come too, and may be the module's own name."""
        super().__setattr__(name, value)
        if isinstance(value, ModuleType) and name in self.__owners__.values():
            self.__dict__.update({export: getattr(value, export) for export in value.__all__})

    def __dir__(self) -> Iterable[str]:
        self._load()
        return super().__dir__()

    def _load(self) -> None:
        for module in dict.fromkeys([*self.__owners__.values(), _OUTPUTS]):
            if (Path(self.__path__[0]) / f"{module}.py").is_file():
                import_module(f"{self.__name__}.{module}")


def _modules(text: str) -> list[str]:
    """The modules that a package takes all names from; none where it does anything else."""
    lines = [line.strip() for line in text.splitlines() if not line.startswith("#")]
    found = [(line, _STAR.fullmatch(line)) for line in lines if line not in _USUAL]
    return [match[1] for _, match in found if match] if all(match for _, match in found) else []


def _owners(folder: Path, modules: list[str]) -> dict[str, str]:
    """The module of each name; none where a module does not say its names, or two have the same one."""
    owners: dict[str, str] = {}
    for module in modules:
        names = _exports(folder / f"{module}.py")
        if not names or any(name in owners for name in names):
            return {}
        owners |= dict.fromkeys(names, module)
    return owners


def _exports(file: Path) -> list[str]:
    """The names that a module gives away. They stand near its head, and some modules are large."""
    text, said = "", None
    with file.open(encoding="utf-8") as stream:
        while said is None and (more := stream.read(_CHUNK)):
            text += more
            said = _EXPORTS.search(text)
    return re.findall(r"'(\w+)'", said[1]) if said else []
