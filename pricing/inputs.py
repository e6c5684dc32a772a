"""What each input of a classified AWS type is to its price: read by the rule, known free, or refused when it is set.

`pricing/rules/inputs/SERVICE.json` says it beside the rules, by type and dotted path, through lists and objects alike.
`read` is for the rule (`path.*` with all that is below it), `free` says why it costs nothing (a bare text: for the
reason that its type is free), `refused` why it has no price, and then the values that need none. What stands in none of
them is new to this repository, so it is refused too. Only AWS types have a schema: helpers of the engine make nothing
in a cloud, and the code of our own dynamic types is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pricing.json_file import read_json
from pricing.resource import UNKNOWN, Plain, Resource

FOLDER: Final = Path(__file__).parent / "rules" / "inputs"
_AWS: Final = "aws:"
# What any resource may carry: the region is read with every price, labels and time limits bill nothing.
ANYWHERE: Final = frozenset({"region", "tags", "tagsAll", "timeouts"})
_HARMLESS: Final[tuple[Plain, ...]] = (None, False, "", "false", [], {})
_BELOW: Final = ".*"


@dataclass(kw_only=True)
class Input:
    """One input, or a group of them with others `inside`. At most one of the three says what it is."""

    inside: dict[str, Input] = field(default_factory=dict)
    read: bool = False
    free: str | None = None
    refused: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether it is in one of the three sets, with all that is below it."""
        return self.read or self.free is not None or bool(self.refused)


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """All inputs of one type: `read` are the paths that its rule reads, `anything` why none of them can matter."""

    root: Input
    read: tuple[str, ...] = ()
    anything: str = ""


@lru_cache(maxsize=512)
def inputs_of(type_token: str) -> Inputs | None:
    """What is known of the inputs of an AWS type; None when nothing is."""
    path = FOLDER / f"{type_token.split(':')[1].split('/')[0]}.json"
    entry = _file(path).get(type_token) if path.exists() else None
    if entry is not None and "as" in entry:
        return inputs_of(entry["as"])
    return None if entry is None else _inputs(entry)


@lru_cache(maxsize=64)
def _file(path: Path) -> Mapping[str, Mapping[str, Any]]:
    found = read_json(path, "the inputs of types").data
    assert isinstance(found, dict)
    return found


def _inputs(entry: Mapping[str, Any]) -> Inputs:
    root = Input()
    read = tuple(entry.get("read", "").split())
    for path in read:
        _at(root, path.removesuffix(_BELOW)).read = True
    free = entry.get("free", {})
    for why, paths in (free if isinstance(free, dict) else {"": free}).items():
        for path in paths.split():
            _at(root, path).free = why
    for path, why in entry.get("refused", {}).items():
        _at(root, path).refused = tuple(why) if isinstance(why, list) else (why,)
    return Inputs(root=root, read=read, anything=entry.get("any", ""))


def _at(root: Input, path: str) -> Input:
    for step in path.split("."):
        root = root.inside.setdefault(step, Input())
    return root


def faults(resource: Resource) -> Iterator[tuple[str, str]]:
    """The code and the message of each input that keeps the price from being known.

    What only the state has is AWS's own answer, not an input, and is not asked for.
    """
    if not resource.type.startswith(_AWS):
        return
    known = inputs_of(resource.type)
    if known is None:
        yield "unknown-property", f"which inputs of type {resource.type} bill is not known; declare them in {FOLDER}"
    elif not known.anything:
        own = {name: value for name, value in resource.properties.items() if name not in resource.undeclared}
        yield from _faults(resource.type, known.root, own, "")


def _faults(token: str, node: Input, value: Plain, path: str) -> Iterator[tuple[str, str]]:
    if node.refused:
        yield from _refusal(node.refused, value, path)
    elif node.is_known or value is None:
        return
    elif not node.inside:
        yield "unknown-property", f"property `{path}` of type {token} is not known to the price rule; leave it out"
    elif value is UNKNOWN:
        yield from _hidden(node, path)
    elif isinstance(value, list):
        for item in value:
            yield from _faults(token, node, item, path)
    elif isinstance(value, dict):
        for name, part in value.items():
            if not name.startswith("__") and (path or name not in ANYWHERE):
                yield from _faults(token, node.inside.get(name, Input()), part, _joined(path, name))


def _hidden(node: Input, path: str) -> Iterator[tuple[str, str]]:
    if below := next(_refused_below(node, path), None):
        yield "unbounded-unknown", f"property `{path}` is unknown at preview and may hold `{below}`, which bills"


def _refusal(refused: tuple[str, ...], value: Plain, path: str) -> Iterator[tuple[str, str]]:
    why, *accepted = refused
    remedy = f"accepted is {' or '.join(accepted)}" if accepted else "leave it out"
    if value is UNKNOWN:
        yield "unbounded-unknown", f"property `{path}` is unknown at preview, and it may bill: {why}; {remedy}"
    elif value not in _HARMLESS and value not in accepted:
        yield "unpriceable", f"property `{path}` is set: {why}; {remedy}"


def _refused_below(node: Input, path: str) -> Iterator[str]:
    for name, part in node.inside.items():
        if part.refused:
            yield _joined(path, name)
        yield from _refused_below(part, _joined(path, name))


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
