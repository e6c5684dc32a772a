"""Reads JSON files exactly: numbers as `Decimal`, and every fault as one line that names the file."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from pricing.errors import ResourceFileError


def read_json(path: Path, accepted: str) -> object:
    """The content of a JSON file; `accepted` says in the error what kind of file is meant.

    Raises:
        ResourceFileError: the file is missing, not UTF-8 or not JSON.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror or error}); name an existing file"
        raise ResourceFileError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path}: not UTF-8 text; accepted: {accepted}"
        raise ResourceFileError(msg) from error
    try:
        return json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_constant)
    except (ValueError, ArithmeticError, RecursionError) as error:
        detail = str(error) if isinstance(error, ValueError) else type(error).__name__
        msg = f"{path}: not JSON ({detail}); accepted: {accepted}"
        raise ResourceFileError(msg) from error


def _no_constant(name: str) -> object:
    msg = f"{name} is not a JSON number"
    raise ValueError(msg)
