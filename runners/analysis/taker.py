"""What takes records in. A record goes to each taker of its kind; whether it says something is asked once.

Records are handed out some hundreds at a time: one taker after the other over the same few is twice as fast as all of
them for one record after the other, and what is held stays small.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, ClassVar, Final, Generic, TypeVar

from runners.analysis.records import KINDS, Record

R = TypeVar("R")
_AT_A_TIME: Final = 512


class Taker(ABC, Generic[R]):
    """Takes records of `kinds`, and no others, in whatever order."""

    kinds: ClassVar[frozenset[type[Record]]]

    @abstractmethod
    def add(self, record: R) -> None:
        """Counts a run that says something."""

    def leave_out(self, record: R) -> None:
        """Counts a run that says nothing; most takers do not."""


def hand_out(records: Sequence[Record], takers: Sequence[Taker[Any]]) -> None:
    """Gives each record to each taker of its kind."""
    for kind in KINDS:
        own = [record for record in records if type(record) is kind]
        telling = [record for record in own if record.says_something]
        silent = [record for record in own if not record.says_something]
        for taker in takers:
            if kind in taker.kinds:
                for record in telling:
                    taker.add(record)
                for record in silent:
                    taker.leave_out(record)


def some_at_a_time(records: Iterable[Record]) -> Iterator[list[Record]]:
    """All of them, so many at a time that they stay in the processor's cache."""
    rest = iter(records)
    while some := list(islice(rest, _AT_A_TIME)):
        yield some
