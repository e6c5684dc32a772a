"""Property values as they travel: Pulumi's signatures and sentinels to plain values, and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, cast

from google.protobuf import struct_pb2

from contract.redaction import SECRETS
from pricing.resource import UNKNOWN, Plain

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"
RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"

UNKNOWN_STRING: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
UNKNOWN_SENTINELS: Final = frozenset(
    {
        UNKNOWN_STRING,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)


def native(value: struct_pb2.Value) -> object:
    """The value as JSON-like Python, with signatures and sentinels left in."""
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return {key: native(item) for key, item in value.struct_value.fields.items()}
    if kind == "list_value":
        return [native(item) for item in value.list_value.values]
    if kind is None or kind == "null_value":
        return None
    return getattr(value, kind)


def plain(value: object) -> Plain:
    """One JSON-like value as it travels, in plain form: secrets unwrapped, unknowns as `UNKNOWN`, numbers as `Decimal`.

    A number that is not finite cannot be reckoned with, so it counts as unknown.
    """
    if isinstance(value, str):
        return UNKNOWN if value in UNKNOWN_SENTINELS or UNKNOWN_STRING in value else value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    msg = f"a property value of type {type(value).__name__} cannot travel"
    raise TypeError(msg)


def _number(value: float | Decimal) -> Plain:
    if not math.isfinite(value):
        return UNKNOWN
    if isinstance(value, float):
        return Decimal(int(value)) if value.is_integer() else Decimal(repr(value))
    return Decimal(value)


def _mapping(value: Mapping[str, object]) -> Plain:
    signature = value.get(SIGNATURE)
    if signature in (SECRET, OUTPUT):
        found = plain(value["value"]) if "value" in value else UNKNOWN
        if signature == SECRET or value.get("secret"):
            SECRETS.note(found)
        return found
    if signature == RESOURCE:
        identity = value.get("id", value.get("urn"))
        return UNKNOWN if identity == "" else plain(identity)
    return {key: plain(item) for key, item in value.items() if key != SIGNATURE}


def is_secret(value: object) -> bool:
    """True when a secret is the value itself or lies anywhere inside it."""
    if isinstance(value, Mapping):
        signature = value.get(SIGNATURE)
        return (
            signature == SECRET
            or (signature == OUTPUT and bool(value.get("secret")))
            or any(is_secret(item) for item in value.values())
        )
    return isinstance(value, list | tuple) and any(is_secret(item) for item in value)


def plain_properties(properties: Mapping[str, object]) -> tuple[dict[str, Plain], frozenset[str]]:
    """All properties in plain form, and the names of those that hold a secret."""
    secrets = frozenset(key for key, value in properties.items() if is_secret(value))
    return {key: plain(value) for key, value in properties.items()}, secrets


def whole_unknowns(struct: struct_pb2.Struct) -> None:
    """Makes texts that hold an unknown somewhere unknown as a whole, in place: nobody else knows such texts."""
    for value in struct.fields.values():
        _whole_unknown(value)


def _whole_unknown(value: struct_pb2.Value) -> None:
    kind = value.WhichOneof("kind")
    if kind == "string_value" and UNKNOWN_STRING in value.string_value:
        value.string_value = UNKNOWN_STRING
    elif kind == "struct_value":
        whole_unknowns(value.struct_value)
    elif kind == "list_value":
        for item in value.list_value.values:
            _whole_unknown(item)


def read_struct(struct: struct_pb2.Struct) -> dict[str, object]:
    """A protobuf struct as JSON-like Python, with signatures and sentinels left in, keys in order of name.

    Protobuf maps have no order of their own, so one is given here: reports must not change from run to run.
    """
    return {key: native(struct.fields[key]) for key in sorted(struct.fields)}


def travelling(value: Plain) -> object:
    """The plain value as JSON-like Python that protobuf can carry: `UNKNOWN` as its sentinel, numbers as floats."""
    if value is UNKNOWN:
        return UNKNOWN_STRING
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Mapping):
        return {key: travelling(item) for key, item in value.items()}
    if isinstance(value, list):
        return [travelling(item) for item in value]
    return value


def write_struct(properties: Mapping[str, Plain], secrets: frozenset[str] = frozenset()) -> struct_pb2.Struct:
    """Plain properties as a protobuf struct; those named in `secrets` are wrapped as secrets."""
    struct = struct_pb2.Struct()
    for key, value in properties.items():
        item = travelling(value)
        struct[key] = cast("str", {SIGNATURE: SECRET, "value": item} if key in secrets else item)
    return struct
