"""Reads JSON: each key once, numbers that can be kept, bounded in depth. Lines are looked for only after a fault."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from contract.reading.errors import ReadingError, shown
from contract.reading.numbers import ACCEPTED, Number, exact_number
from contract.reading.source_file import Document, SourceFile

DEEPEST: Final = 100
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_HALF: Final = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_WORDS: Final = frozenset({"true", "false", "null"})


class _FaultyError(ValueError):
    """Something is not accepted; where it stands is looked for afterwards."""


def read_json(text: str, file: str, number: Number = exact_number) -> Document:
    """What a JSON text says.

    Raises:
        ReadingError: it is not JSON, or says something that is not accepted.
    """

    def numbered(digits: str) -> object:
        try:
            return number(digits)
        except ValueError:
            raise _FaultyError from None

    def constant(name: str) -> object:
        raise _FaultyError(name)

    try:
        data = json.loads(
            text, parse_float=numbered, parse_int=numbered, parse_constant=constant, object_pairs_hook=_each_once
        )
        if _HALF.search(text):
            _refuse_faults(text, file, number)
    except _FaultyError:
        _refuse_faults(text, file, number)
        raise
    except json.JSONDecodeError as error:
        msg = f"{file}:{error.lineno}: not JSON ({error.msg}); correct it"
        raise ReadingError(msg) from None
    except RecursionError:
        data = None
    if (data is None and text.strip() != "null") or _is_too_deep(data):
        msg = f"{file}:{_deepest_line(text)}: nested too deeply; accepted: at most {DEEPEST} levels"
        raise ReadingError(msg)
    return Document(data, SourceFile.of(file, lambda: _lines(text)))


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _FaultyError
    return found


def _is_too_deep(data: object) -> bool:
    level = [data]
    for _ in range(DEEPEST + 1):
        inside = [node.values() if isinstance(node, dict) else node for node in level if isinstance(node, dict | list)]
        if not inside:
            return False
        level = [item for items in inside for item in items]
    return True


@dataclass
class _Open:
    """An object or a list that is being walked through."""

    path: str
    is_object: bool
    number: int = 0
    key: str | None = None
    keys: dict[str, int] = field(default_factory=dict)

    def inside(self) -> str:
        if not self.is_object:
            return f"{self.path}[{self.number}]"
        return f"{self.path}.{self.key}" if self.path else str(self.key)


@dataclass(frozen=True)
class _Told:
    """A key or a value where it stands. `first` is the line of the same key before it."""

    path: str
    line: int
    token: str
    depth: int
    first: int = 0


def _walk(text: str) -> Iterator[_Told]:
    """Every key and value of a JSON text with its path and line."""
    opened: list[_Open] = []
    line, last = 1, 0
    for match in _TOKEN.finditer(text):
        token = match[0]
        line, last = line + text.count("\n", last, match.start()), match.start()
        top = opened[-1] if opened else None
        if token in "}]":
            opened = opened[:-1]
        elif token == "," and top:
            top.number, top.key = top.number + 1, None
        elif top and top.is_object and top.key is None and token[0] == '"':
            top.key = json.loads(token, strict=False)
            assert top.key is not None
            yield _Told(top.inside(), line, token, len(opened), top.keys.get(top.key, 0))
            top.keys.setdefault(top.key, line)
        elif token not in ":,":
            path = top.inside() if top else ""
            yield _Told(path, line, token, len(opened))
            if token in "{[":
                opened.append(_Open(path, token == "{"))


def _lines(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for told in _walk(text):
        found.setdefault(told.path, told.line)
    return found


def _deepest_line(text: str) -> int:
    return next((told.line for told in _walk(text) if told.depth >= DEEPEST), 1)


def _refuse_faults(text: str, file: str, number: Number) -> None:
    for told in _walk(text):
        place = f"{file}:{told.line}: {f'{told.path}: ' if told.path else ''}"
        if told.first:
            msg = f"{place}given twice in one object; keep one (the first is on line {told.first})"
            raise ReadingError(msg)
        if told.token[0] == '"':
            if not _is_whole(told.token):
                msg = f"{place}{shown(told.token)} holds half a character; accepted: text that UTF-8 can hold"
                raise ReadingError(msg)
        elif told.token not in _WORDS and told.token not in "{[":
            try:
                number(told.token)
            except ValueError:
                msg = f"{place}{shown(told.token)}; accepted: {ACCEPTED}"
                raise ReadingError(msg) from None


def _is_whole(token: str) -> bool:
    try:
        str(json.loads(token, strict=False)).encode()
    except UnicodeEncodeError:
        return False
    return True
