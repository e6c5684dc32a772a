"""Property paths as the engine reads them (`tags["a.b"]`, `rules[0].days`, `rules[*]`), and what ignoring one means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

Step: TypeAlias = "str | int"

EVERY: Final = "*"
_STEP: Final = re.compile(r'\.?([^.\[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\[(\*)\]')


class _Absent:
    """The type of `ABSENT`: nothing is there, which is not the same as null."""


ABSENT: Final = _Absent()


def steps_of(path: str) -> list[Step]:
    """The steps of a path; none when it is not a path, which the engine passes over."""
    steps: list[Step] = []
    place = 0
    while place < len(path):
        found = _STEP.match(path, place)
        if found is None:
            return []
        name, index, quoted, every = found.groups()
        steps.append(int(index) if index is not None else name or every or re.sub(r"\\(.)", r"\1", quoted or ""))
        place = found.end()
    return steps


def reset(new: object, old: object, steps: list[Step]) -> object:
    """`new` with what lies at the path as it is in `old`; `ABSENT` when it is not there.

    What is added or removed on the way to it is not touched, as the engine does not ignore that.
    """
    if not steps:
        return old
    step, rest = steps[0], steps[1:]
    if isinstance(new, Mapping) and isinstance(old, Mapping):
        keys = [*dict.fromkeys([*new, *old])] if step == EVERY else [str(step)]
        return _reset_keys(new, old, keys, rest)
    if isinstance(new, list) and isinstance(old, list):
        places = range(min(len(new), len(old))) if step == EVERY else [step] if isinstance(step, int) else []
        return [
            reset(item, old[place], rest) if place in places and place < len(old) else item
            for place, item in enumerate(new)
        ]
    return new


def _reset_keys(
    new: Mapping[str, object], old: Mapping[str, object], keys: list[str], rest: list[Step]
) -> dict[str, object]:
    found = dict(new)
    for key in keys:
        before, after = old.get(key, ABSENT), found.get(key, ABSENT)
        if rest and (before is ABSENT or after is ABSENT):
            continue
        value = reset(after, before, rest)
        if value is ABSENT:
            found.pop(key, None)
        else:
            found[key] = value
    return found
