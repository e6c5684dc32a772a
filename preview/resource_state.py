"""One resource as the Pulumi CLI writes it into a preview digest or a state export."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from contract.reading.json_text import read_json
from contract.reading.source_file import at
from preview.wire import SECRET, SIGNATURE, plain, plain_properties
from pricing.dynamic_code import PROVIDER_INPUT, code_of, is_dynamic
from pricing.errors import ResourceFileError
from pricing.placement import placed_all
from pricing.resource import UNKNOWN, Graph, Plain, Resource, component_chain
from pricing.resource import urn_name as name_in
from pricing.resource import urn_type as type_in

MASKED_SECRET: Final = "[secret]"


@dataclass(frozen=True)
class ReadState:
    """A resource that was read, and the reference to its provider."""

    resource: Resource
    provider: str
    id: str = ""


def read_state(state: object, file: str, place: str, *, imported: bool = False) -> ReadState:
    """The resource of one state record; of what was imported, also the outputs that its inputs leave open.

    A program need not say all of what it takes over, and what it leaves out stays as it was.

    Raises:
        ResourceFileError: the record is malformed; the message names file, key, value and what is accepted.
    """
    record = an_object(state, file, place)
    urn, token = _identity(record, file, place)
    properties, secrets = read_properties(record.get("inputs", {}), file, f"{place}.inputs")
    import_id = str(record.get("importID") or "")
    held: dict[str, Plain] = {}
    if imported or import_id:
        held, hidden = read_properties(record.get("outputs", {}), file, f"{place}.outputs")
        secrets |= hidden
    parent = record.get("parent")
    resource = Resource(
        urn=urn,
        type=token,
        name=name_in(urn),
        properties={**known(held), **properties},
        components=component_chain(urn),
        parent=parent if isinstance(parent, str) and parent else None,
        dependencies=_texts(record, "dependencies", file, place),
        custom=_flag(record, "custom", file, place),
        external=_flag(record, "external", file, place),
        protect=_flag(record, "protect", file, place),
        retain_on_delete=_flag(record, "retainOnDelete", file, place),
        import_id=import_id,
        aliases=_texts(record, "aliases", file, place),
        ignore_changes=_texts(record, "ignoreChanges", file, place),
        code=_code(token, record.get("inputs")),
        secrets=secrets,
        undeclared=frozenset(known(held).keys() - properties.keys()),
    )
    return ReadState(resource, str(record.get("provider") or ""), str(record.get("id") or ""))


def _code(token: str, inputs: object) -> str:
    if not is_dynamic(token):
        return ""
    pickled = inputs.get(PROVIDER_INPUT) if isinstance(inputs, Mapping) else None
    return code_of(token, {PROVIDER_INPUT: plain(_travelling(pickled))})


def known(outputs: Mapping[str, Plain]) -> dict[str, Plain]:
    """The outputs that have a value: the others the cloud will choose, and rules have defaults for these."""
    return {key: value for key, value in outputs.items() if value is not UNKNOWN}


def graph_of(states: Iterable[ReadState]) -> Graph:
    """The graph of what was read, each resource placed by its own provider."""
    return Graph(placed_all((state.resource, state.provider) for state in states))


def read_properties(inputs: object, file: str, place: str) -> tuple[dict[str, Plain], frozenset[str]]:
    """Inputs in plain form and the names of those that hold secrets; the bridge's own `__` keys are dropped."""
    record = an_object({} if inputs is None else inputs, file, place)
    try:
        return plain_properties({key: _travelling(value) for key, value in record.items() if not key.startswith("__")})
    except (ValueError, TypeError) as error:
        msg = f"{at(file, place)}: a property value cannot be read ({type(error).__name__}); export the file again"
        raise ResourceFileError(msg) from error


def _travelling(value: object) -> object:
    """The value as it travels on the wire: a secret that the CLI encrypted or masked has no value there."""
    if value == MASKED_SECRET:
        return {SIGNATURE: SECRET}
    if isinstance(value, Mapping):
        if value.get(SIGNATURE) == SECRET and isinstance(value.get("plaintext"), str):
            clear = read_json(value["plaintext"], "plaintext").data
            return {SIGNATURE: SECRET, "value": _travelling(clear)}
        return {key: _travelling(item) for key, item in value.items() if not key.startswith("__")}
    return [_travelling(item) for item in value] if isinstance(value, list) else value


def _flag(record: Mapping[str, object], key: str, file: str, place: str) -> bool:
    # The CLI always writes `custom`: a record without it is no component, it is malformed.
    value = record.get(key, None if key == "custom" else False)
    if not isinstance(value, bool):
        msg = f"{at(file, f'{place}.{key}')}: {shown(value)}; accepted are true and false"
        raise ResourceFileError(msg)
    return value


def _identity(record: Mapping[str, object], file: str, place: str) -> tuple[str, str]:
    """The URN and the type, which must fit."""
    urn = text_of(record, "urn", file, place)
    token = text_of(record, "type", file, place)
    if not urn.startswith("urn:pulumi:") or type_in(urn) != token or not name_in(urn):
        msg = (
            f"{at(file, f'{place}.urn')}: {urn!r} does not fit type {token!r}; "
            f"expected urn:pulumi:STACK::PROJECT::[PARENT$]{token}::NAME"
        )
        raise ResourceFileError(msg)
    return urn, token


def _texts(record: Mapping[str, object], key: str, file: str, place: str) -> tuple[str, ...]:
    value = record.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        msg = f"{at(file, f'{place}.{key}')}: expected a list of texts"
        raise ResourceFileError(msg)
    return tuple(value)


def an_object(value: object, file: str, place: str) -> Mapping[str, object]:
    """The value as an object.

    Raises:
        ResourceFileError: it is something else.
    """
    if not isinstance(value, Mapping):
        msg = f"{at(file, place)}: expected an object, got {shown(value)}"
        raise ResourceFileError(msg)
    return value


def a_list(value: object, file: str, place: str) -> list[object]:
    """The value as a list.

    Raises:
        ResourceFileError: it is something else.
    """
    if not isinstance(value, list):
        msg = f"{at(file, place)}: expected a list, got {shown(value)}"
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
        msg = f"{at(file, f'{place}.{key}')}: {got}; a text is needed"
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
