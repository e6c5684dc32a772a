"""A hold: what a rollback by API leaves behind, so that the next deployment does not bring the bad version back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol, Self

from contract.parts import RecordPart, plain
from runners.runs.clock import parse_rfc3339


class HeldPart(RecordPart, frozen=True, kw_only=True):
    """One part of the workload, the version that must not come back, and the one that was put in its place.

    Attributes:
        kind: What kind of version it is.
        name: What has it.
        held: The version that was rolled back.
        good: The version that was put in its place.
        reason: Why.
        run: The rollback's run.
        operator: Who ran it.
        since: From when on.
        until: Until when.
    """

    kind: str
    name: str
    held: str
    good: str
    reason: str
    run: str
    operator: str
    since: str
    until: str


class Hold(HeldPart, frozen=True, kw_only=True):
    """What is kept of it."""

    @property
    def key(self) -> str:
        """A part has one hold, and its name may have signs that a parameter's may not."""
        return f"{self.kind}-{hashlib.sha256(self.name.encode()).hexdigest()[:12]}"

    def active(self, now: datetime) -> bool:
        """Whether it has not ended yet."""
        return now < parse_rfc3339(self.until)

    def __str__(self) -> str:
        text = f"{self.kind} {self.name} is held at {self.good} until {self.until}: {self.held} was rolled back"
        return f"{text} by {self.operator} in run {self.run}, as {self.reason}"

    def document(self) -> dict[str, Any]:
        """As it is kept, and shown."""
        return plain(self)

    @classmethod
    def read(cls, document: dict[str, Any]) -> Self:
        """The hold that `document` wrote.

        Raises:
            TypeError, ValueError: it is none.
        """
        found = cls(**document)
        parse_rfc3339(found.until)
        return found


class Holds(Protocol):
    """The holds of one environment."""

    def all(self) -> Sequence[Hold]:
        """Every hold, those that have ended included.

        Raises:
            AwsError: they could not be read.
            InputError: one of them is not of this form.
        """

    def put(self, hold: Hold) -> None:
        """Keeps it, in the place of an earlier one of the same part."""

    def release(self, hold: Hold) -> None:
        """Takes it away; one that is gone already is no error."""
