"""Counts what has to be told about many objects and names the first of it; all of it goes to a file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from contract.writing.errors import told
from contract.writing.files import private_file
from runners.errors import JournalError

_MOST_NAMED: Final = 20


@dataclass
class Tally:
    """What was met under each heading. `file` takes a line of JSON for each; a run that was cut off may repeat some."""

    file: Path | None = None
    counts: dict[str, int] = field(default_factory=dict)
    named: dict[str, list[str]] = field(default_factory=dict)

    def note(self, heading: str, key: str, why: str) -> None:
        """One object under a heading.

        Raises:
            JournalError: the file cannot be written.
        """
        self.counts[heading] = self.counts.get(heading, 0) + 1
        names = self.named.setdefault(heading, [])
        if len(names) < _MOST_NAMED:
            names.append(f"{shown(key)}: {why}")
        if self.file is not None:
            self._write(self.file, json.dumps({"what": heading, "key": key, "why": why}) + "\n")

    def _write(self, file: Path, line: str) -> None:
        try:
            with os.fdopen(private_file(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND), "a", encoding="utf-8") as stream:
                stream.write(line)
        except OSError as error:
            raise JournalError(f"{told(error, file)}, and resume the run") from error

    def count(self, heading: str) -> int:
        """How many were met."""
        return self.counts.get(heading, 0)

    def told(self, heading: str) -> str:
        """The names in one line, and how many more there are."""
        names = self.named.get(heading, [])
        more = self.count(heading) - len(names)
        where = f" (all of them: {self.file})" if more and self.file is not None else ""
        return "; ".join(names) + (f"; and {more} more{where}" if more else "")

    def document(self) -> dict[str, Any]:
        """As it stands in the journal."""
        return {"counts": dict(self.counts), "named": {heading: list(names) for heading, names in self.named.items()}}

    @classmethod
    def read(cls, held: Mapping[str, Any], file: Path | None = None) -> Tally:
        """As a journal holds it."""
        return cls(file, dict(held["counts"]), {heading: list(names) for heading, names in held["named"].items()})


def shown(key: str) -> str:
    """A key as one line: what cannot be printed is escaped."""
    return key if key.isprintable() else repr(key)[1:-1]
