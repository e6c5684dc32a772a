"""Documents in, records out, and a count of both: what cannot be read is told, never passed over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from runners.analysis.reading import UnreadableRecordError, read_record
from runners.analysis.records import Record

_MOST_EXAMPLES: Final = 20
Document = Mapping[str, Any] | bytes


class RunSource(Protocol):
    """Where the stored documents of a stack's runs are."""

    def documents(self, since: datetime) -> Iterator[tuple[str, Document]]:
        """Each run that began since then, once, with its name or place; in whatever order."""


@dataclass
class Intake:
    """What came in. `unreadable` names the first of those that could not be read, with why."""

    read: int = 0
    others: Counter[str] = field(default_factory=Counter)
    unread: int = 0
    unreadable: list[tuple[str, str]] = field(default_factory=list)

    @property
    def documents(self) -> int:
        """All that came in."""
        return self.read + self.others.total() + self.unread

    def records(self, documents: Iterable[tuple[str, Document]]) -> Iterator[Record]:
        """The records, one at a time."""
        for place, document in documents:
            try:
                found = read_record(document)
            except UnreadableRecordError as error:
                self.unread += 1
                if len(self.unreadable) < _MOST_EXAMPLES:
                    self.unreadable.append((place, str(error)))
                continue
            if isinstance(found, str):
                self.others[found] += 1
            else:
                self.read += 1
                yield found
