"""Where runs keep what they found, beyond this machine: one document for each run and step, and one line a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Archive(Protocol):
    """What came of each run, kept for years and for whoever looks at many stacks."""

    def archive(self, run: str, kind: str, document: Mapping[str, Any]) -> None:
        """Keeps the record of a run that ended; the same again changes nothing. `kind` is its RunKind's `type`.

        Raises:
            RunnerError: it could not be kept, and nothing was changed.
        """


class Kept(Protocol):
    """What is read of the store."""

    def get(self, run: str, step: str) -> Mapping[str, Any] | None:
        """One document, None if there is none."""

    def all(self, run: str) -> Mapping[str, Mapping[str, Any]]:
        """Every document of a run or collection by step, in the order of the steps."""


class Records(Archive, Kept, Protocol):
    """The store. A put replaces what stood there; what was put can be read at once."""

    def put(self, run: str, step: str, document: Mapping[str, Any]) -> None:
        """Keeps a document. `run` may also name a collection, such as `drills#2026-11`."""

    def snapshot(self) -> Kept:
        """All that is kept now, to read many collections of; what is put later may be missing in it."""
