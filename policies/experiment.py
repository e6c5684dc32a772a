"""A FIS experiment template as plain values: what is not known at preview stays `UNKNOWN`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pricing.resource import UNKNOWN, Plain, Resource

TEMPLATE: Final = "aws:fis/experimentTemplate:ExperimentTemplate"
_DURATION: Final = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", re.ASCII)


@dataclass(frozen=True)
class Action:
    """One action. `parameters` is None when they are unknown as a whole; `target` is key and name of the target."""

    name: str
    id: Plain
    parameters: Mapping[str, Plain] | None
    target: tuple[Plain, Plain] | None
    after: tuple[Plain, ...]


@dataclass(frozen=True)
class Target:
    """One target: what may be hit, and how many of it."""

    name: str
    resource_type: Plain
    selection: Plain
    arns: Plain
    tags: Mapping[str, Plain] | None
    filters: Mapping[str, Plain] | None
    parameters: Plain = None


def actions(template: Resource) -> Iterator[Action]:
    """The actions; one that is unknown as a whole comes with an unknown id."""
    for number, entry in enumerate(_entries(template.get("actions")), 1):
        if not isinstance(entry, dict):
            yield Action(f"number {number}", UNKNOWN, None, None, ())
            continue
        target = entry.get("target")
        after = entry.get("startAfters")
        yield Action(
            name=str(entry.get("name") or f"number {number}"),
            id=entry.get("actionId"),
            parameters=_pairs(entry.get("parameters"), "value"),
            target=_target(target),
            after=tuple(after) if isinstance(after, list) else (UNKNOWN,) if after is UNKNOWN else (),
        )


def targets(template: Resource) -> Iterator[Target]:
    """The targets; one that is unknown as a whole has nothing but unknown values."""
    for number, entry in enumerate(_entries(template.get("targets")), 1):
        if not isinstance(entry, dict):
            yield Target(f"number {number}", UNKNOWN, UNKNOWN, UNKNOWN, None, None)
            continue
        yield Target(
            name=str(entry.get("name") or f"number {number}"),
            resource_type=entry.get("resourceType"),
            selection=entry.get("selectionMode"),
            arns=entry.get("resourceArns"),
            tags=_pairs(entry.get("resourceTags"), "value"),
            filters=_pairs(entry.get("filters"), "values", key="path"),
            parameters=entry.get("parameters"),
        )


def seconds(text: Plain) -> int | None:
    """The seconds of an ISO 8601 duration as FIS writes it (PT5M); None when it is none, or unknown."""
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if found is None or not any(found.groups()):
        return None
    hours, minutes, rest = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + rest


def _entries(value: Plain) -> list[Plain]:
    """A list's entries; a list that is unknown as a whole is one unknown entry."""
    if value is UNKNOWN:
        return [UNKNOWN]
    return value if isinstance(value, list) else []


def _pairs(value: Plain, wanted: str, *, key: str = "key") -> dict[str, Plain] | None:
    if value is UNKNOWN:
        return None
    pairs: dict[str, Plain] = {}
    for entry in value if isinstance(value, list) else []:
        if not isinstance(entry, dict) or not isinstance(entry.get(key), str):
            return None
        pairs[str(entry[key])] = entry.get(wanted)
    return pairs


def _target(value: Plain) -> tuple[Plain, Plain] | None:
    if isinstance(value, dict):
        return value.get("key"), value.get("value")
    return (UNKNOWN, UNKNOWN) if value is UNKNOWN else None
