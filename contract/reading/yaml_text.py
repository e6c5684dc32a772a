"""Reads YAML from its events: bounded in depth and in what aliases multiply, each key once, each path with its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NoReturn

from contract.reading.errors import ReadingError, shown
from contract.reading.numbers import Number, plain_number
from contract.reading.scalars import OURS, Dialect
from contract.reading.source_file import Document, SourceFile

if TYPE_CHECKING:
    from yaml.events import Event

DEEPEST: Final = 64
# What aliases bring counts as often as they do: a value of ten lines can be a thousand million long.
MOST_ALIASED: Final = 10_000
_LETTERS_PER_NODE: Final = 100
_MERGE: Final = "<<"
_TAG: Final = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class _Held:
    """A value, how many nodes it has with aliases written out, and how deep it is."""

    value: object
    weight: int = 1
    height: int = 0


@dataclass
class _Frame:
    """A mapping or list that is being read."""

    path: str
    value: dict[str, object] | list[object]
    anchor: str | None
    weight: int = 1
    height: int = 0
    key: str | None = None
    merges: bool = False
    merged: list[dict[str, object]] = field(default_factory=list)

    @property
    def wants_key(self) -> bool:
        return isinstance(self.value, dict) and self.key is None

    @property
    def next_path(self) -> str:
        if isinstance(self.value, list):
            return f"{self.path}[{len(self.value)}]"
        return f"{self.path}.{self.key}" if self.path else str(self.key)


def read_yaml(text: str, file: str, dialect: Dialect = OURS, number: Number = plain_number) -> Document:
    """What a YAML text says; an empty one says None.

    Raises:
        ReadingError: it is not YAML, or says something that is not accepted.
    """
    reading = _Reading(file, dialect, number)
    for event in _events(text, file):
        reading.take(event)
    return Document(reading.root, SourceFile.of(file, lambda: reading.lines))


def _events(text: str, file: str) -> Iterator[Event]:
    import yaml

    # The C parser is ten times as fast; it is there whenever PyYAML was installed from a wheel.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from yaml.parse(text, Loader=loader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}" if mark else ""
        why = getattr(error, "problem", None) or getattr(error, "reason", None) or type(error).__name__
        msg = f"{file}{where}: not YAML ({' '.join(str(why).split())}); correct it"
        raise ReadingError(msg) from None


class _Reading:
    """Takes one event after another."""

    def __init__(self, file: str, dialect: Dialect, number: Number) -> None:
        self._file, self._dialect, self._number = file, dialect, number
        self.root: object = None
        self.lines: dict[str, int] = {}
        self._frames: list[_Frame] = []
        self._anchors: dict[str, _Held | None] = {}
        self._aliased = self._documents = 0

    def take(self, event: Event) -> None:
        kind = type(event).__name__
        if kind == "DocumentStartEvent":
            self._documents += 1
            if self._documents > 1:
                self._refuse(event, "a second document", "one document in a file")
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._open(event, {} if kind == "MappingStartEvent" else [])
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._close(event)
        elif kind == "AliasEvent":
            self._deliver(self._alias(event), event)
        elif kind == "ScalarEvent":
            self._scalar(event)

    def _refuse(self, event: Any, what: str, accepted: str) -> NoReturn:
        path = ""
        if self._frames:
            top = self._frames[-1]
            path = top.path if top.wants_key else top.next_path
        line = event.start_mark.line + 1
        msg = f"{self._file}:{line}: {f'{path}: ' if path else ''}{what}; accepted: {accepted}"
        raise ReadingError(msg)

    def _open(self, event: Any, value: dict[str, object] | list[object]) -> None:
        if self._frames and self._frames[-1].wants_key:
            self._refuse(event, "a mapping or a list as a key", "a key of one word or text")
        if len(self._frames) >= DEEPEST:
            self._refuse(event, "nested too deeply", f"at most {DEEPEST} levels")
        tag = event.tag
        usual = f"{_TAG}{'map' if isinstance(value, dict) else 'seq'}"
        if tag is not None and not self._dialect.tags:
            self._refuse(event, f"the tag {shown(tag)}", "no tags")
        if tag is not None and tag.startswith(_TAG) and tag != usual:
            self._refuse(event, f"the tag {shown(tag)}", usual)
        path = self._frames[-1].next_path if self._frames else ""
        self.lines.setdefault(path, event.start_mark.line + 1)
        if event.anchor:
            self._anchors[event.anchor] = None
        self._frames.append(_Frame(path, value, event.anchor))

    def _close(self, event: Event) -> None:
        frame = self._frames.pop()
        for more in frame.merged:
            assert isinstance(frame.value, dict)
            # What the mapping says itself wins, then what was merged first.
            frame.value.update({key: held for key, held in more.items() if key not in frame.value})
        held = _Held(frame.value, frame.weight, frame.height + 1)
        if frame.anchor:
            self._anchors[frame.anchor] = held
        self._deliver(held, event)

    def _alias(self, event: Any) -> _Held:
        if self._frames and self._frames[-1].wants_key:
            self._refuse(event, f"*{event.anchor} as a key", "a key of one word or text")
        held = self._anchors.get(event.anchor)
        if held is None:
            inside = event.anchor in self._anchors
            self._refuse(event, f"*{event.anchor} {'is inside itself' if inside else 'is no anchor'}", "an earlier one")
        self._aliased += held.weight
        if self._aliased > MOST_ALIASED:
            self._refuse(event, "aliases make it too long", f"at most {MOST_ALIASED} values by aliases")
        if len(self._frames) + held.height > DEEPEST:
            self._refuse(event, "nested too deeply", f"at most {DEEPEST} levels, aliases written out")
        return held

    def _scalar(self, event: Any) -> None:
        if self._frames and self._frames[-1].wants_key:
            self._key(event)
            return
        self.lines.setdefault(self._frames[-1].next_path if self._frames else "", event.start_mark.line + 1)
        held = _Held(self._value(event), 1 + len(event.value) // _LETTERS_PER_NODE)
        if event.anchor:
            self._anchors[event.anchor] = held
        self._deliver(held, event)

    def _key(self, event: Any) -> None:
        """A key is the text that is written: only values have types."""
        frame = self._frames[-1]
        assert isinstance(frame.value, dict)
        if event.tag is not None and not (self._dialect.tags and event.tag in ("!", f"{_TAG}str")):
            self._refuse(event, f"the tag {shown(event.tag)}", "no tags on keys")
        if event.value == _MERGE and event.implicit[0]:
            frame.key, frame.merges = _MERGE, True
            return
        frame.key = event.value
        if event.value in frame.value:
            first = self.lines.get(frame.next_path, 0)
            self._refuse(event, f"given twice in one mapping; keep one (the first is on line {first})", "each key once")
        # Reserved at once, so that a second one is found.
        self.lines[frame.next_path] = event.start_mark.line + 1
        frame.value[event.value] = None

    def _value(self, event: Any) -> object:
        tag = event.tag
        if tag is not None and tag != "!" and not self._dialect.tags:
            self._refuse(event, f"{shown(event.value)} with the tag {shown(tag)}", "no tags")
        bare = event.implicit[0] if tag is None else tag.startswith(_TAG) and tag != f"{_TAG}str"
        if not bare:
            return event.value
        if tag in (f"{_TAG}binary", f"{_TAG}timestamp"):
            return event.value
        try:
            return self._dialect.plain(event.value, len(self._frames), self._number)
        except ValueError as error:
            self._refuse(event, shown(event.value), str(error).removeprefix("accepted: "))

    def _deliver(self, held: _Held, event: Event) -> None:
        if not self._frames:
            self.root = held.value
            return
        frame = self._frames[-1]
        frame.weight += held.weight
        frame.height = max(frame.height, held.height)
        if isinstance(frame.value, list):
            frame.value.append(held.value)
            return
        if frame.merges:
            self._merge(frame, held.value, event)
        else:
            assert frame.key is not None
            frame.value[frame.key] = held.value
        frame.key, frame.merges = None, False

    def _merge(self, frame: _Frame, value: object, event: Event) -> None:
        parts = value if isinstance(value, list) else [value]
        for part in parts:
            if not isinstance(part, dict):
                self._refuse(event, f"<< of {shown(part)}", "a mapping, or a list of mappings")
            frame.merged.append(part)
