"""Where runs keep what they found, beyond this machine: one document for each run and step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Records(Protocol):
    """The store. A put replaces what stood there; what was put can be read at once."""

    def put(self, run: str, step: str, document: Mapping[str, Any]) -> None:
        """Keeps a document. `run` may also name a collection, such as `drills#2026-11`."""

    def get(self, run: str, step: str) -> Mapping[str, Any] | None:
        """One document, None if there is none."""

    def all(self, run: str) -> Mapping[str, Mapping[str, Any]]:
        """Every document of a run or collection by step, in the order of the steps."""
