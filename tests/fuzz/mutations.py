"""Spoils files as people, other tools and attackers do: by structure, by word, and by byte. Seeded."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

NUMBERS: Final = (
    "1:30", "017", "089", "0xFF", "0b1", "0o7", "1_000", "1e-400", "1e400", "1e999999999999999999", "NaN", ".nan",
    "-.inf", "Infinity", "-1", "-0", "1e3", "9" * 5000, "0.1", "١٢", "１２",
)  # fmt: skip
WORDS: Final = ("on", "no", "Yes", "true", "null", "~", "2026-02-30", "2026-11-25", "<<", "=", "y", "")
YAML_ONLY: Final = (
    "*a", "&a [*a]", "&a [1, *a]", "!!int x", "!!python/object/apply:os.system [x]", "!mine {a: 1}", "? [a]", "- a",
    "|", "!!binary eA==", "!!set {a}", "'", "%TAG", "@x", "`x`",
)  # fmt: skip
TEXTS: Final = (
    "", " ", "\0", "\ud800", "\u2028", "\U0001f600", "a" * 5000, "../../etc/passwd", "${x}", "$(x)", "a\nb", "[secret]",
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9", "GB", "potatoes", "TB", "\u202e", "-", "urn:pulumi:a::b::c::d",
    "[" * 3000, '{"a": 1, "a": 2}', "{}", "tomorrow", "NaN", "1e-400",
)  # fmt: skip
_BYTES: Final = (b"\0", b"\xff", b"\t", b"\r\n", b"---\n", b"\xef\xbb\xbf")
KEYS: Final = ("", "a", "__proto__", "version", "type", "4dabf18193072939515e22adb298388d", "on", "a.b[0]", "é", "<<")


@dataclass(frozen=True)
class Raw:
    """A word that is written as it is."""

    text: str


@dataclass
class Pairs:
    """A mapping that may have a key twice."""

    items: list[tuple[Any, Any]]


def _opened(data: Any) -> Any:
    """The data with mappings as pairs, which can be spoilt."""
    if isinstance(data, dict):
        return Pairs([(key, _opened(value)) for key, value in data.items()])
    return [_opened(item) for item in data] if isinstance(data, list) else data


def _written(node: Any) -> str:
    if isinstance(node, Raw):
        return node.text
    if isinstance(node, Pairs):
        inside = ", ".join(f"{_written(key)}: {_written(value)}" for key, value in node.items)
        return "{" + inside + "}"
    if isinstance(node, list):
        return "[" + ",\n ".join(map(_written, node)) + "]"
    return json.dumps(node, default=str)


def _holders(node: Any) -> list[Any]:
    found = [node] if isinstance(node, Pairs | list) else []
    inside = [value for _, value in node.items] if isinstance(node, Pairs) else node if isinstance(node, list) else []
    return found + [deeper for item in inside for deeper in _holders(item)]


def _leaf(chance: random.Random, *, yaml: bool) -> Any:
    kinds: list[Callable[[], Any]] = [
        lambda: Raw(chance.choice(NUMBERS)),
        lambda: Raw(chance.choice(WORDS)) if yaml else chance.choice(WORDS),
        lambda: chance.choice(TEXTS),
        lambda: chance.choice([None, True, False, 0, -1, 10**30, 0.5, [], Pairs([])]),
        lambda: Raw("[" * (depth := chance.choice((5, 80, 3000))) + "]" * depth),
        lambda: Pairs([(chance.choice(KEYS), chance.choice(TEXTS))]),
    ]
    if yaml:
        kinds.append(lambda: Raw(chance.choice(YAML_ONLY)))
    return chance.choice(kinds)()


def _spoil(tree: Any, chance: random.Random, *, yaml: bool) -> Any:
    holders = _holders(tree)
    if not holders or chance.random() < 0.02:
        return _leaf(chance, yaml=yaml)
    held = chance.choice(holders)
    items: list[Any] = held.items if isinstance(held, Pairs) else held
    if not items or chance.random() < 0.1:
        leaf = _leaf(chance, yaml=yaml)
        items.append((chance.choice(KEYS), leaf) if isinstance(held, Pairs) else leaf)
        return tree
    place = chance.randrange(len(items))
    action = chance.randrange(6)
    if action == 0:
        items.pop(place)
    elif action == 1:
        items.insert(chance.randrange(len(items) + 1), copy.deepcopy(items[place]))
    elif isinstance(held, Pairs):
        key, value = items[place]
        if action == 2:
            items[place] = (chance.choice([chance.choice(KEYS), Raw("? [a]") if yaml else "k"]), value)
        elif action == 3:
            items[place] = (key, [value] if chance.random() < 0.5 else Pairs([(chance.choice(KEYS), value)]))
        else:
            items[place] = (key, _leaf(chance, yaml=yaml))
    else:
        items[place] = _leaf(chance, yaml=yaml)
    return tree


def _bytes(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content) + 1)
    lines = content.split(b"\n")
    line = chance.randrange(len(lines))
    ways: list[Callable[[], bytes]] = [
        lambda: content[:place],
        lambda: content[:place] + bytes([chance.randrange(256)]) + content[place + 1 :],
        lambda: content[:place] + chance.choice(_BYTES) + content[place:],
        lambda: b"\xef\xbb\xbf" + content,
        lambda: content.decode("utf-8", "replace").encode("utf-16"),
        lambda: b"\n".join([*lines[:line], lines[line], *lines[line:]]),
        lambda: b"\n".join([*lines[:line], b"  " + lines[line], *lines[line + 1 :]]),
        lambda: content + content,
    ]
    return chance.choice(ways)()  # fmt: skip


def spoilt(data: Any, seed: str, *, yaml: bool) -> bytes:
    """A file that says nearly `data`; the same for the same seed. One in ten is not spoilt by structure at all."""
    chance = random.Random(seed)
    tree = _opened(copy.deepcopy(data))
    for _ in range(chance.choice((0, 1, 1, 1, 1, 1, 2, 2, 3, 5))):
        tree = _spoil(tree, chance, yaml=yaml)
    text = _written(tree) + "\n"
    if yaml and chance.random() < 0.1:
        text = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40)) + text
    content = text.encode("utf-8", "surrogatepass")
    return _bytes(content, chance) if chance.random() < 0.2 else content
