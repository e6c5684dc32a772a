"""Whose code stands behind a dynamic resource: its type token says nothing, since any program may choose any token.

The SDK keeps the provider of a dynamic resource as a pickle in the input `__provider`. A provider of this repository
is an object without state of a class in `components/`, so its pickle holds nothing but the name of that class. What
holds anything else could do anything. The pickle is taken apart here and never loaded.
"""

from __future__ import annotations

import ast
import base64
import binascii
import hashlib
import pickletools
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from contract.borrowed_types import DYNAMIC
from pricing.resource import Plain

PROVIDER_INPUT: Final = "__provider"
# The real engine hands policy packs no internal inputs; a list that a person wrote has none.
HIDDEN: Final = "hidden"
UNREADABLE: Final = "unreadable"
ROOT: Final = Path(__file__).resolve().parents[1]
SOURCES: Final = "components"
_PICKLED_NAME: Final = frozenset({"PROTO", "FRAME", "MEMOIZE", "BINPUT", "EMPTY_TUPLE", "NEWOBJ", "STOP"})
_PICKLED_TEXT: Final = frozenset({"SHORT_BINUNICODE", "BINUNICODE"})


def is_dynamic(type_token: str) -> bool:
    """Whether a program's own Python code creates resources of this type."""
    return type_token.startswith(DYNAMIC) and type_token[len(DYNAMIC) :][:1] in ("/", ":")


def code_of(type_token: str, inputs: Mapping[str, Plain]) -> str:
    """What implements a resource: `module.Class`, else the digest of the code; empty for all that is not dynamic."""
    if not is_dynamic(type_token):
        return ""
    pickled = inputs.get(PROVIDER_INPUT)
    if not isinstance(pickled, str):
        return UNREADABLE
    return _named(pickled) or f"sha256:{hashlib.sha256(pickled.encode()).hexdigest()}"


def is_known(type_token: str, code: str) -> bool:
    """Whether the code is this repository's own for that type, as far as it can be seen."""
    return code == HIDDEN or known_code().get(type_token) == code


@lru_cache(maxsize=1)
def known_code() -> Mapping[str, str]:
    """The class behind each dynamic type of this repository, read from its sources."""
    return dict(_declared(ROOT))


def changed_sources(classes: Iterable[str], program: Path) -> list[str]:
    """Files behind these classes that a program has otherwise than this repository, or not at all.

    What they import of packages that the program's folder does not have comes with the installed `ial`, as any other
    library does.
    """
    if program.resolve() == ROOT:
        return []
    found: set[str] = set()
    for name in set(classes) - {HIDDEN}:
        found |= _sources(name.rpartition(".")[0])
    return sorted(file for file in found if _is_in(program, file) and not _same(ROOT / file, program / file))


def _is_in(program: Path, file: str) -> bool:
    """Whether Python would look for a file of ours in the program's folder; it must, where the providers are."""
    package = file.partition("/")[0]
    return package == SOURCES or any((program / name).exists() for name in (package, f"{package}.py"))


def _same(ours: Path, theirs: Path) -> bool:
    try:
        return ours.read_bytes() == theirs.read_bytes()
    except OSError:
        return False


def _named(pickled: str) -> str | None:
    """The class, when the pickle is an object without state of one class that is imported by name."""
    texts: list[str] = []
    classes = 0
    try:
        for code, argument, _ in pickletools.genops(base64.b64decode(pickled, validate=True)):
            if code.name in _PICKLED_TEXT and isinstance(argument, str):
                texts.append(argument)
            elif code.name == "STACK_GLOBAL":
                classes += 1
            elif code.name not in _PICKLED_NAME:
                return None
    except (ValueError, binascii.Error):
        return None
    return ".".join(texts) if classes == 1 and len(texts) == 2 else None


def _declared(root: Path) -> Iterator[tuple[str, str]]:
    for file in sorted((root / SOURCES).rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        if "pulumi.dynamic" not in text:
            continue
        tree, module = ast.parse(text), _module(file, root)
        origins = {entry: f"{module}.{entry}" for entry in _classes(tree)} | dict(_imported(tree))
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and (token := _token(node)) and (provider := _provider(node)):
                yield token, origins.get(provider, provider)


def _module(file: Path, root: Path) -> str:
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _classes(tree: ast.Module) -> Iterator[str]:
    return (node.name for node in tree.body if isinstance(node, ast.ClassDef))


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _token(node: ast.ClassDef) -> str | None:
    """The token of `class X(Resource, module="backup", name="X")`, as the SDK makes it."""
    given = {
        entry.arg: entry.value.value
        for entry in node.keywords
        if isinstance(entry.value, ast.Constant) and isinstance(entry.value.value, str)
    }
    if "name" not in given:
        return None
    module = f"/{given['module']}" if given.get("module") else ""
    return f"{DYNAMIC}{module}:{given['name']}"


def _provider(node: ast.ClassDef) -> str | None:
    """The class whose object is the first argument of `super().__init__(...)`."""
    for call in ast.walk(node):
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr == "__init__"
            and call.args
            and isinstance(first := call.args[0], ast.Call)
            and isinstance(first.func, ast.Name)
        ):
            return first.func.id
    return None


def _sources(module: str) -> set[str]:
    """The files that importing a module of ours runs: itself, its packages, and what of ours these import."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        for file in _files(name):
            if file in found:
                continue
            found.add(file)
            waiting += _imports(ROOT / file)
    return found


def _files(module: str) -> Iterator[str]:
    parts = module.split(".")
    for length in range(1, len(parts) + 1):
        place = "/".join(parts[:length])
        for file in (f"{place}.py", f"{place}/__init__.py"):
            if (ROOT / file).is_file():
                yield file


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{name}" for name in names)]
        yield from (name for name in names if (ROOT / name.partition(".")[0]).is_dir())
