"""Reading a stack's output document, of this version of the contract or of an earlier one."""

from __future__ import annotations

import re
from typing import Any, Final

from msgspec import ValidationError, convert

from contract.outputs import SCHEMA_VERSION, Outputs, upgraded
from runners.errors import OutputsError

_FIELD: Final = re.compile("Object (missing required|contains unknown) field `(.*)`")


def parsed(data: object, source: str) -> Outputs:
    """The document from where `source` says.

    Raises:
        OutputsError: it is not a document of this version or an earlier one; the message names the first key that is
            wrong.
    """
    document = upgraded(data) if isinstance(data, dict) else {}
    version = document.get("schema_version")
    if version != SCHEMA_VERSION:
        known = f"this ial reads 1 to {SCHEMA_VERSION}"
        msg = f"{source}: schema_version is {version!r}, {known}; apply the stack again"
        raise OutputsError(msg)
    try:
        return convert(document, Outputs)
    except ValidationError as error:
        msg = f"{source}: {_wrong(str(error))}; apply the stack again with this version of ial"
        raise OutputsError(msg) from error


def plain(data: Any) -> Any:
    """The document with whole numbers as such: engines carry every number as a float."""
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(value) for value in data]
    return int(data) if isinstance(data, float) and data.is_integer() else data


def _wrong(said: str) -> str:
    """What msgspec says, with the key first.

    >>> _wrong("Object missing required field `name` - at `$.workload.tables[0]`")
    'workload.tables[0].name: the key is missing'
    """
    what, _, where = said.partition(" - at `$")
    key, field = where.removesuffix("`").removeprefix("."), _FIELD.fullmatch(what)
    if field is None:
        return f"{key}: {what}" if key else what
    found = "the key is missing" if field[1] == "missing required" else "the key is not known"
    return f"{key}.{field[2]}: {found}".removeprefix(".")
