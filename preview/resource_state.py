"""One resource as the Pulumi CLI writes it into a preview digest or a state export."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from preview.wire import SECRET, SIGNATURE, plain_properties
from pricing.errors import ResourceFileError
from pricing.resource import OWN_COMPONENT_PREFIX, PROVIDER_PREFIX, STACK_TYPE, Plain, Resource, component_chain
from pricing.resource import urn_name as name_in
from pricing.resource import urn_type as type_in

MASKED_SECRET: Final = "[secret]"
_AWS: Final = "aws:"


@dataclass(frozen=True)
class ReadState:
    """A resource that was read, and the provider it names."""

    resource: Resource
    provider: str


def read_state(state: object, file: str, place: str) -> ReadState | None:
    """The resource of one state record; None for what the stack doesn't own or what cannot cost anything by itself.

    Raises:
        ResourceFileError: the record is malformed; the message names file, key, value and what is accepted.
    """
    record = an_object(state, file, place)
    urn = text_of(record, "urn", file, place)
    token = text_of(record, "type", file, place)
    if not urn.startswith("urn:pulumi:") or type_in(urn) != token or not name_in(urn):
        msg = (
            f"{file}: {place}.urn: {urn!r} does not fit type {token!r}; "
            f"expected urn:pulumi:STACK::PROJECT::[PARENT$]{token}::NAME"
        )
        raise ResourceFileError(msg)
    custom = record.get("custom", False)
    if not isinstance(custom, bool):
        msg = f"{file}: {place}.custom: {custom!r}; accepted are true and false"
        raise ResourceFileError(msg)
    if record.get("external") is True or (not custom and not token.startswith((STACK_TYPE, OWN_COMPONENT_PREFIX))):
        return None
    properties, secrets = read_properties(record.get("inputs", {}), file, f"{place}.inputs")
    parent = record.get("parent")
    resource = Resource(
        urn=urn,
        type=token,
        name=name_in(urn),
        properties=properties,
        components=component_chain(urn),
        parent=parent if isinstance(parent, str) and parent else None,
        dependencies=_dependencies(record.get("dependencies"), file, place),
        protect=record.get("protect") is True,
        secrets=secrets,
    )
    return ReadState(resource, str(record.get("provider") or ""))


def in_provider_regions(states: Iterable[ReadState]) -> list[Resource]:
    """The resources, each AWS resource that names no region placed in the region of its own provider."""
    listed = list(states)
    regions = {
        entry.resource.urn: region
        for entry in listed
        if entry.resource.type.startswith(PROVIDER_PREFIX)
        and isinstance(region := entry.resource.properties.get("region"), str)
    }
    return [_placed(entry, regions) for entry in listed]


def _placed(entry: ReadState, regions: Mapping[str, str]) -> Resource:
    resource = entry.resource
    region = regions.get(entry.provider.rpartition("::")[0])
    if region is None or not resource.type.startswith(_AWS) or resource.properties.get("region") is not None:
        return resource
    return replace(resource, properties={**resource.properties, "region": region})


def read_properties(inputs: object, file: str, place: str) -> tuple[dict[str, Plain], frozenset[str]]:
    """Inputs in plain form and the names of those that hold secrets; the bridge's own `__` keys are dropped."""
    record = an_object({} if inputs is None else inputs, file, place)
    try:
        return plain_properties({key: _travelling(value) for key, value in record.items() if not key.startswith("__")})
    except (ValueError, TypeError) as error:
        msg = f"{file}: {place}: a property value cannot be read ({type(error).__name__}); export the file again"
        raise ResourceFileError(msg) from error


def _travelling(value: object) -> object:
    """The value as it travels on the wire: a secret that the CLI encrypted or masked has no value there."""
    if value == MASKED_SECRET:
        return {SIGNATURE: SECRET}
    if isinstance(value, Mapping):
        if value.get(SIGNATURE) == SECRET and isinstance(value.get("plaintext"), str):
            clear = json.loads(value["plaintext"], parse_float=Decimal, parse_int=Decimal)
            return {SIGNATURE: SECRET, "value": _travelling(clear)}
        return {key: _travelling(item) for key, item in value.items() if not key.startswith("__")}
    return [_travelling(item) for item in value] if isinstance(value, list) else value


def _dependencies(value: object, file: str, place: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        msg = f"{file}: {place}.dependencies: expected a list of URNs"
        raise ResourceFileError(msg)
    return tuple(value)


def an_object(value: object, file: str, place: str) -> Mapping[str, object]:
    """The value as an object.

    Raises:
        ResourceFileError: it is something else.
    """
    if not isinstance(value, Mapping):
        msg = f"{file}: {place}: expected an object, got {shown(value)}"
        raise ResourceFileError(msg)
    return value


def a_list(value: object, file: str, place: str) -> list[object]:
    """The value as a list.

    Raises:
        ResourceFileError: it is something else.
    """
    if not isinstance(value, list):
        msg = f"{file}: {place}: expected a list, got {shown(value)}"
        raise ResourceFileError(msg)
    return value


def text_of(record: Mapping[str, object], key: str, file: str, place: str) -> str:
    """A text that must be there and not be empty.

    Raises:
        ResourceFileError: it is missing, empty or not a text.
    """
    value = record.get(key)
    if not isinstance(value, str) or not value:
        got = "missing" if key not in record else shown(value)
        msg = f"{file}: {place}.{key}: {got}; a text is needed"
        raise ResourceFileError(msg)
    return value


def shown(value: object) -> str:
    """What was found, short enough for one line and without the content of objects, which may hold secrets."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    text = str(value) if isinstance(value, Decimal) else json.dumps(value, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."
