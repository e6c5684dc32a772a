"""The resource graph of a plain list: `[{"type": ..., "name": ..., "properties": {...}}]`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from contract.reading.source_file import at
from preview.resource_state import a_list, an_object, read_properties, text_of
from pricing.dynamic_code import HIDDEN, is_dynamic
from pricing.errors import ResourceFileError
from pricing.resource import Graph, Resource, component_chain, urn_name, urn_type

KEYS: Final = ("type", "name", "properties", "urn")
_TOKEN: Final = re.compile(r"[^:\s]+:[^:\s]*:[^:\s]+")
_PREFIX: Final = "urn:pulumi:list::resources"


def read_resource_list(data: object, file: str) -> Graph:
    """Reads a list of resources; `urn` is optional and gives a resource its place under components.

    Raises:
        ResourceFileError: an entry is malformed, or two entries have the same type and name.
    """
    entries = a_list(data, file, "resources")
    if not entries:
        msg = f"{file}: the list is empty; expected objects with {', '.join(KEYS[:3])}"
        raise ResourceFileError(msg)
    found: dict[str, Resource] = {}
    for index, item in enumerate(entries):
        place = f"[{index}]"
        resource = _resource(an_object(item, file, place), file, place)
        if resource.urn in found:
            msg = (
                f"{at(file, f'{place}.name')}: {resource.name!r} of type {resource.type} is listed twice; "
                "every resource of a type needs its own name"
            )
            raise ResourceFileError(msg)
        found[resource.urn] = resource
    return Graph(found)


def _resource(entry: Mapping[str, object], file: str, place: str) -> Resource:
    unknown = sorted(set(entry) - set(KEYS))
    if unknown:
        msg = f"{at(file, f'{place}.{unknown[0]}')}: unknown key; accepted are {', '.join(KEYS)}"
        raise ResourceFileError(msg)
    token = text_of(entry, "type", file, place)
    if not _TOKEN.fullmatch(token):
        msg = f"{at(file, f'{place}.type')}: {token!r}; a Pulumi type token is needed, such as aws:sqs/queue:Queue"
        raise ResourceFileError(msg)
    name = text_of(entry, "name", file, place)
    raw = an_object(entry.get("properties", {}), file, f"{place}.properties")
    snake = sorted(key for key in raw if token.startswith("aws:") and "_" in key.strip("_"))
    if snake:
        head = at(file, f"{place}.properties.{snake[0]}")
        msg = f"{head}: Pulumi's inputs are camelCase; accepted is {_camel(snake[0])}"
        raise ResourceFileError(msg)
    properties, secrets = read_properties(raw, file, f"{place}.properties")
    urn = text_of(entry, "urn", file, place) if "urn" in entry else f"{_PREFIX}::{token}::{name}"
    if urn_type(urn) != token or urn_name(urn) != name:
        msg = f"{at(file, f'{place}.urn')}: {urn!r} does not end in the entry's type and name, {token}::{name}"
        raise ResourceFileError(msg)
    return Resource(
        urn=urn,
        type=token,
        name=name,
        properties=properties,
        components=component_chain(urn),
        # A list is a person's own statement: its dynamic types are those of this repository.
        code=HIDDEN if is_dynamic(token) else "",
        secrets=secrets,
    )


def _camel(key: str) -> str:
    head, *rest = key.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)
