"""Reads JSON files exactly: numbers as `Decimal`, and every fault as one line that names file and line."""

from __future__ import annotations

from pathlib import Path

from contract.reading.errors import ReadingError
from contract.reading.files import read_json_file
from contract.reading.source_file import Document
from pricing.errors import ResourceFileError


def read_json(path: Path, accepted: str) -> Document:
    """The content of a JSON file; `accepted` says in the error what kind of file is meant.

    Raises:
        ResourceFileError: the file is missing, not UTF-8, not JSON, or says something twice or out of bounds.
    """
    try:
        return read_json_file(path, accepted)
    except ReadingError as error:
        raise ResourceFileError(str(error)) from None
