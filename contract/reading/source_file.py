"""A file's name that knows its lines, so that whoever refuses a value later can still say where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property


class SourceFile(str):
    """The name of a file that was read. Paths are `a.b[0].c`; their lines are looked up when first asked for."""

    _find: Callable[[], Mapping[str, int]]

    @classmethod
    def of(cls, name: str, find: Callable[[], Mapping[str, int]]) -> SourceFile:
        """The name, with what finds the lines of its paths."""
        file = cls(name)
        file._find = find
        return file

    @cached_property
    def _lines(self) -> Mapping[str, int]:
        return self._find()

    def line(self, path: str) -> int:
        """The line of a path, or of the nearest one above it."""
        while path and path not in self._lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self._lines.get(path, 1)


@dataclass(frozen=True)
class Document:
    """What a file holds, and the file."""

    data: object
    file: SourceFile


def at(file: str, path: str) -> str:
    """`FILE:LINE: PATH` for the head of a message; without the line where the file is only a name."""
    head = f"{file}:{file.line(path)}" if isinstance(file, SourceFile) else file
    return f"{head}: {path or 'the file'}"
