"""The lines of a rollback's journal, in the order in which they come."""

from __future__ import annotations

from typing import Final

CONSIDERED: Final = "considered"
AGAIN: Final = "re-run"
DECIDED: Final = "decided"
PAGED: Final = "paged"
# Each once for every part, with its kind and name behind it.
HOLDING: Final = "hold"
CHANGING: Final = "change"
ARRIVED: Final = "arrive"
STEADY: Final = "steady"
VALIDATION: Final = "validation"
# In the clean-up of one that failed.
HALTED: Final = "halted"


def of_part(step: str, kind: str, name: str) -> str:
    """A part's own line."""
    return f"{step} {kind} {name}"
