"""Schemas of documents, made from the structs that they describe.

The description of a field is what the docstring of its struct says under `Attributes`. A field without one, or one that
is described and not there, is an error.
"""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any, Final

from msgspec import UNSET, Struct, structs
from msgspec.inspect import Field, StructType, Type, type_info
from msgspec.json import schema_components

FOLDER: Final = Path(__file__).parents[1] / "schemas"
_SECTION: Final = "\nAttributes:\n"
_ATTRIBUTE: Final = re.compile(r"    (\w+): (.*)")


def schema(kind: Any, title: str) -> dict[str, Any]:
    """The schema of a document, closed: of a struct, or of any of several.

    Every field is required, as whoever writes the document writes it; but one that may be unset is absent from
    documents of before.

    Raises:
        ValueError: a field is not described, or what is described is no field.
    """
    [found], definitions = schema_components((kind,), ref_template="#/$defs/{name}")
    known = {part.__name__: part for part in _structs(type_info(kind), set())}
    made = {
        name: _described(known[name], part) if name in known else _enumerated(part)
        for name, part in sorted(definitions.items())
    }
    root = made.pop(kind.__name__) if isinstance(kind, type) else {"anyOf": found["anyOf"]}
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return {**head, **{key: value for key, value in root.items() if key != "title"}, "$defs": made}


def text(kind: Any, title: str) -> str:
    """The schema as its file has it."""
    return json.dumps(schema(kind, title), indent=2) + "\n"


def described(struct: type[Struct]) -> dict[str, str]:
    """What the docstrings of a struct, and of those that it extends, say of its fields.

    Raises:
        ValueError: a field is not described, or what is described is no field.
    """
    found: dict[str, str] = {}
    for base in reversed(struct.__mro__):
        found |= _attributes(inspect.cleandoc(base.__doc__ or "")) if issubclass(base, Struct) else {}
    if wrong := set(found) ^ set(struct.__struct_fields__):
        msg = f"{struct.__name__}: described, or there, but not both: {', '.join(sorted(wrong))}"
        raise ValueError(msg)
    return found


def _attributes(docstring: str) -> dict[str, str]:
    _, _, section = docstring.partition(_SECTION)
    found: dict[str, str] = {}
    name = ""
    for line in section.splitlines():
        if begins := _ATTRIBUTE.fullmatch(line):
            name, found[begins[1]] = begins[1], begins[2]
        elif line.strip():
            found[name] += f" {line.strip()}"
    return found


def _described(struct: type[Struct], definition: dict[str, Any]) -> dict[str, Any]:
    names = dict(zip(struct.__struct_fields__, struct.__struct_encode_fields__, strict=True))
    said = {names[field]: text for field, text in described(struct).items()}
    later = {names[field.name] for field in structs.fields(struct) if field.default is UNSET}
    if tag := struct.__struct_config__.tag_field:
        said[tag] = "Which of the kinds this is."
    properties = {
        name: {"description": said[name], **_published(part)} for name, part in definition["properties"].items()
    }
    return {
        "description": " ".join(inspect.cleandoc(struct.__doc__ or "").partition(_SECTION)[0].split()),
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in later],
        "additionalProperties": False,
    }


def _enumerated(definition: dict[str, Any]) -> dict[str, Any]:
    """The words of an enum, with what its docstring says."""
    said = {"description": inspect.cleandoc(definition["description"])} if "description" in definition else {}
    return {**said, "enum": definition["enum"]}


def _published(node: Any) -> Any:
    """A node as others read it: a text ends at `$`. Defaults are for documents of before, which it is not about."""
    if isinstance(node, list):
        return [_published(part) for part in node]
    if not isinstance(node, dict):
        return node
    held = {key: _published(part) for key, part in node.items() if key != "default"}
    return held | {"pattern": held["pattern"].removesuffix(r"\Z") + "$"} if _ends(held) else held


def _ends(node: dict[str, Any]) -> bool:
    return str(node.get("pattern", "")).endswith(r"\Z")


def _structs(info: Any, seen: set[type[Struct]]) -> set[type[Struct]]:
    """Every struct that a type is made of."""
    if isinstance(info, StructType):
        if info.cls in seen:
            return seen
        seen.add(info.cls)
    if isinstance(info, tuple):
        parts = info
    else:
        parts = tuple(getattr(info, name) for name in info.__struct_fields__) if isinstance(info, Type | Field) else ()
    for part in parts:
        _structs(part, seen)
    return seen
