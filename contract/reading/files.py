"""The one way from a file on disk to what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from contract.reading.errors import ReadingError
from contract.reading.json_text import read_json
from contract.reading.numbers import Number, exact_number, plain_number
from contract.reading.scalars import OURS, Dialect
from contract.reading.source_file import Document
from contract.reading.yaml_text import read_yaml

# People write YAML by hand; exports and reports are as large as a stack.
LARGEST_YAML: Final = 4 * 1024 * 1024
LARGEST_JSON: Final = 256 * 1024 * 1024


def read_yaml_file(
    path: Path, accepted: str, *, name: str = "", dialect: Dialect = OURS, number: Number = plain_number
) -> Document:
    """The content of a YAML file, and JSON is YAML; `name` is what messages call it.

    Raises:
        ReadingError: it cannot be read, is no YAML, or says something that is not accepted.
    """
    name = name or str(path)
    return read_yaml(read_text(path, name, accepted, LARGEST_YAML), name, dialect, number)


def read_json_file(path: Path, accepted: str, *, name: str = "", number: Number = exact_number) -> Document:
    """The content of a JSON file.

    Raises:
        ReadingError: it cannot be read, is no JSON, or says something that is not accepted.
    """
    name = name or str(path)
    return read_json(read_text(path, name, accepted, LARGEST_JSON), name, number)


def read_text(path: Path, name: str, accepted: str, most: int) -> str:
    """The text of a file of at most so many bytes, without a byte order mark.

    Raises:
        ReadingError: it is missing, too large or not UTF-8.
    """
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        msg = f"{name}: cannot be read ({reason}); name an existing file"
        raise ReadingError(msg) from None
    if len(content) > most:
        msg = f"{name}: larger than {most // 1024} KiB; accepted: {accepted}"
        raise ReadingError(msg)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        msg = f"{name}:{line}: not UTF-8 text; accepted: {accepted}"
        raise ReadingError(msg) from None
