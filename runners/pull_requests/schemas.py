"""Documents against their published schemas."""

from __future__ import annotations

import json
from typing import Final

from contract.reading.errors import shown
from runners.errors import InputError
from runners.stack.locations import HOME

SCHEMAS: Final = HOME / "schemas"


def first_fault(document: object, schema: str) -> str | None:
    """Where a document first departs from `schemas/NAME.schema.json` and how; None when it obeys.

    Raises:
        InputError: the schema is not there, so nothing can be held against it.
    """
    import jsonschema

    path = SCHEMAS / f"{schema}.schema.json"
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        msg = f"{path}: cannot be read ({error}); run ial from a whole checkout"
        raise InputError(msg) from error
    fault = next(jsonschema.Draft202012Validator(held).iter_errors(document), None)
    if fault is None:
        return None
    place = fault.json_path.removeprefix("$").lstrip(".") or "the document"
    return f"{shown(place)}: {shown(fault.message)}"
