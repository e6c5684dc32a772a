"""Notes each `apply` that did not run and whose function could have created resources: no preview can see those.

Part of the program's process: it knows the SDK and must not import `preview`. A function is never called to find out
what it does. Its code is read for what it names: classes of resources, packages of providers, and functions that
lead to these. So a name that is made at run time is not found, and one that is only compared with is.
"""

from __future__ import annotations

import builtins
import dis
import functools
import importlib.util
import inspect
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import CodeType, FrameType, FunctionType, MethodType, ModuleType
from typing import Any, Final

import pulumi

_SDK: Final = str(Path(pulumi.__file__).parent) + os.sep
_MISSING: Final = object()
# Reading what others own, and what the engine itself holds, costs nothing.
_HARMLESS: Final = (pulumi.StackReference, pulumi.ProviderResource)
_MOST_ITEMS: Final = 100
_SILENT: Final = frozenset({"CACHE", "PRECALL", "PUSH_NULL", "EXTENDED_ARG", "NOP"})


@dataclass(frozen=True)
class Reference:
    """A dotted name in code: where its root is looked up, the root, and the attributes that follow."""

    where: str
    root: str
    attributes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ".".join((self.root, *self.attributes))


@dataclass
class Applies:
    """Watches `Output.apply` from `start` on; `unresolved` says what did not run."""

    folder: Path
    _noted: list[tuple[str, list[bool]]] = field(default_factory=list)

    def start(self) -> None:
        """Begins to watch."""
        original = pulumi.Output.apply

        @functools.wraps(original)
        def apply(output: Any, func: Callable[..., Any], run_with_unknowns: bool = False) -> Any:
            created = None if run_with_unknowns else self._creates(func)
            if created is None:
                return original(output, func, run_with_unknowns)
            ran = [False]

            def noting(value: Any) -> Any:
                ran[0] = True
                return func(value)

            text = f"the apply at {self._place(sys._getframe(1))} did not run, because its value is unknown"
            text += f" before deployment; {self._named(func)} can create resources ({created})"
            self._noted.append((f"{text} that no preview sees", ran))
            return original(output, noting, run_with_unknowns)

        pulumi.Output.apply = apply  # type: ignore[method-assign, assignment]

    def unresolved(self) -> list[str]:
        """One sentence for each place where nothing ran, in the order of the program."""
        return list(dict.fromkeys(text for text, ran in self._noted if not ran[0]))

    def _creates(self, func: Any) -> str | None:
        if str(getattr(func, "__module__", "")).partition(".")[0] == "pulumi":
            return None
        try:
            return next(_created(func, self.folder, set()), None)
        except Exception:
            # Whatever a program's objects do when they are looked at: nothing is known of them then.
            return "what its code names could not be read"

    def _place(self, frame: FrameType | None) -> str:
        while frame is not None and frame.f_code.co_filename.startswith(_SDK):
            frame = frame.f_back
        return self._shown(frame.f_code.co_filename, frame.f_lineno) if frame else "an unknown place"

    def _named(self, func: Any) -> str:
        plain = _function(func)
        if plain is None:
            return f"`{getattr(func, '__name__', type(func).__name__)}`"
        code = plain[0].__code__
        name = "its function" if code.co_name == "<lambda>" else f"`{code.co_name}`"
        return f"{name} ({self._shown(code.co_filename, code.co_firstlineno)})"

    def _shown(self, file: str, line: int) -> str:
        path = Path(file)
        inside = path.is_relative_to(self.folder)
        return f"{path.relative_to(self.folder) if inside else path.name}:{line}"


def _created(value: Any, folder: Path, seen: set[int]) -> Iterator[str]:
    """What can be created by calling a value, or by what it holds; each function is looked at once."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, type):
        yield from _by_class(value, folder, seen)
    elif isinstance(value, ModuleType):
        if value.__name__.startswith("pulumi_"):
            yield value.__name__
    elif (parts := _parts(value)) is not None:
        for part in parts:
            yield from _created(part, folder, seen) if callable(part) else ()
    elif (found := _function(value)) is not None and _is_of_interest(found[0], folder):
        yield from _by_function(*found, folder, seen)


def _parts(value: Any) -> list[Any] | None:
    """What a container or a call with prepared arguments holds."""
    if isinstance(value, functools.partial):
        return [value.func, *value.args, *value.keywords.values()]
    if isinstance(value, Mapping | list | tuple | set):
        return list(value.values() if isinstance(value, Mapping) else value)[:_MOST_ITEMS]
    return None


def _by_class(value: type, folder: Path, seen: set[int]) -> Iterator[str]:
    if issubclass(value, pulumi.Resource):
        if not issubclass(value, _HARMLESS):
            yield f"{value.__module__.partition('.')[0]}:{value.__qualname__}"
        return
    initial = inspect.getattr_static(value, "__init__", None)
    if isinstance(initial, FunctionType):
        yield from _created(initial, folder, seen)


def _function(value: Any) -> tuple[FunctionType, Any] | None:
    """The Python function behind a callable, and the object that it is bound to."""
    if isinstance(value, staticmethod | classmethod):
        return _function(value.__func__)
    if isinstance(value, MethodType):
        inner = _function(value.__func__)
        return (inner[0], value.__self__) if inner else None
    if isinstance(value, FunctionType):
        wrapped = inspect.unwrap(value)
        return (wrapped, None) if isinstance(wrapped, FunctionType) else (value, None)
    call = inspect.getattr_static(type(value), "__call__", None)
    return (call, value) if isinstance(call, FunctionType) else None


def _is_of_interest(func: FunctionType, folder: Path) -> bool:
    """The program's own functions, and those of libraries that know Pulumi."""
    package = str(func.__globals__.get("__name__", "")).partition(".")[0]
    if package == "pulumi" or package in sys.stdlib_module_names:
        return package == "__main__"
    return Path(func.__code__.co_filename).is_relative_to(folder) or any(
        str(getattr(value, "__name__" if isinstance(value, ModuleType) else "__module__", "")).startswith("pulumi")
        for value in list(func.__globals__.values())
    )


def _by_function(func: FunctionType, bound: Any, folder: Path, seen: set[int]) -> Iterator[str]:
    for value in (*(func.__defaults__ or ()), *(func.__kwdefaults__ or {}).values()):
        if callable(value):
            yield from _created(value, folder, seen)
    cells = dict(zip(func.__code__.co_freevars, func.__closure__ or (), strict=False))
    for code in _with_nested(func.__code__):
        for reference in _references(code):
            value = _value(reference, func, cells, bound if code is func.__code__ else None, folder)
            if isinstance(value, Reference):
                yield str(value)
            elif value is not _MISSING:
                yield from _created(value, folder, seen)


def _with_nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _with_nested(constant)


@lru_cache(maxsize=4096)
def _references(code: CodeType) -> tuple[Reference, ...]:
    """All dotted names in a piece of code, those of modules that it imports itself included."""
    reader = _Names(code)
    for instruction in dis.get_instructions(code):
        if instruction.opname not in _SILENT:
            reader.take(instruction.opname, instruction.argval)
    return tuple(dict.fromkeys(reader.found))


class _Names:
    """Puts dotted names together from instructions, of which each loads one part."""

    def __init__(self, code: CodeType) -> None:
        self.found: list[Reference] = []
        self._first = code.co_varnames[0] if code.co_argcount else None
        self._local: dict[str, Reference] = {}
        self._module = ""
        self._current: Reference | None = None

    def take(self, name: str, argument: Any) -> None:
        """Takes in one instruction."""
        current = self._current
        if name in ("LOAD_ATTR", "LOAD_METHOD") and current is not None:
            self._current = Reference(current.where, current.root, (*current.attributes, argument))
            return
        if name == "IMPORT_FROM":
            self._current = Reference("module", self._module, (argument,))
            return
        if current is not None and current.where == "module":
            if name in ("SWAP", "POP_TOP", "ROT_TWO"):
                return
            if name.startswith("STORE_"):
                package = Reference("module", self._module.partition(".")[0])
                self._local[argument] = current if current.attributes else package
        elif current is not None:
            self.found.append(current)
        self._current = self._begun(name, argument)

    def _begun(self, name: str, argument: Any) -> Reference | None:
        if name == "IMPORT_NAME":
            self._module = argument
            return Reference("module", argument)
        if not isinstance(argument, str) or not name.startswith("LOAD_"):
            return None
        imported = self._local.get(argument)
        if imported is not None:
            return Reference("imported", imported.root, imported.attributes)
        if name in ("LOAD_GLOBAL", "LOAD_NAME"):
            return Reference("global", argument)
        if name in ("LOAD_DEREF", "LOAD_CLASSDEREF"):
            return Reference("free", argument)
        return Reference("bound", argument) if name.startswith("LOAD_FAST") and argument == self._first else None


def _value(reference: Reference, func: FunctionType, cells: Mapping[str, Any], bound: Any, folder: Path) -> Any:
    """What a name stands for now; the name itself where that is not loaded and may create resources."""
    value: Any = _MISSING
    if reference.where == "global":
        value = func.__globals__.get(reference.root, getattr(builtins, reference.root, _MISSING))
    elif reference.where == "bound":
        value = _MISSING if bound is None else bound
    elif reference.where == "free":
        cell = cells.get(reference.root)
        try:
            value = _MISSING if cell is None else cell.cell_contents
        except ValueError:
            value = _MISSING
    elif reference.where == "imported":
        value = sys.modules.get(reference.root, _MISSING)
        if value is _MISSING:
            return reference if _may_create(reference.root, folder) else _MISSING
        if reference.attributes and reference.root.endswith(f".{reference.attributes[0]}"):
            # `import a.b as c` reads b from a.b, and so does `from a.b import b`.
            value = getattr(value, reference.attributes[0], value)
            reference = Reference("imported", reference.root, reference.attributes[1:])
    for attribute in reference.attributes:
        value = _attribute(value, attribute)
    return value


def _may_create(module: str, folder: Path) -> bool:
    package = module.partition(".")[0]
    if package.startswith("pulumi_"):
        return True
    if package in sys.stdlib_module_names:
        return False
    found = importlib.util.find_spec(package)
    return bool(found and found.origin and Path(found.origin).is_relative_to(folder))


def _attribute(value: Any, name: str) -> Any:
    if value is _MISSING or isinstance(value, pulumi.Output):
        return _MISSING
    if isinstance(value, ModuleType):
        return getattr(value, name, _MISSING)
    if isinstance(value, type):
        if issubclass(value, pulumi.Resource) and name == "get":
            return _MISSING
        return inspect.getattr_static(value, name, _MISSING)
    found = inspect.getattr_static(value, name, _MISSING)
    return MethodType(found, value) if isinstance(found, FunctionType) else found
