"""Saved queries as files: `queries/NAME.sql`, whose first line is a comment that says what it answers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from components.reading import SettingsError
from contract.reading.errors import ReadingError
from contract.reading.files import read_text

# What Athena takes: API reference, CreateNamedQuery.
_LONGEST_QUERY: Final = 262_144
_LONGEST_DESCRIPTION: Final = 1024
_COMMENT: Final = "--"


@dataclass(frozen=True, kw_only=True)
class SavedQuery:
    """One query; `text` is the file as it is."""

    name: str
    description: str
    text: str


def queries_folder() -> Path:
    """The program's own folder `queries`, else the one that comes with these components."""
    own = Path("queries")
    return own if own.is_dir() else Path(__file__).resolve().parents[2] / "queries"


def read_queries(folder: Path) -> tuple[SavedQuery, ...]:
    """Every query of a folder, by name.

    Raises:
        SettingsError: one line that names the file and what is accepted.
    """
    return tuple(_read(file) for file in sorted(folder.glob("*.sql")))


def _read(file: Path) -> SavedQuery:
    try:
        text = read_text(file, file.name, "a query", _LONGEST_QUERY)
    except ReadingError as error:
        raise SettingsError(str(error)) from None
    first = text.partition("\n")[0]
    description = first.removeprefix(_COMMENT).strip()
    if not first.startswith(_COMMENT) or not 1 <= len(description) <= _LONGEST_DESCRIPTION:
        msg = f"{file}:1: the first line is {first[:80]!r}; accepted: `-- ` and what the query answers"
        raise SettingsError(msg)
    return SavedQuery(name=file.stem, description=description, text=text)
