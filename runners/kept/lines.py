"""The lines of the journal of what a stack kept."""

from __future__ import annotations

from typing import Final

from runners.runs.lines import Line, Lines


class KeptFound(Line, frozen=True, kw_only=True):
    """What stays when the stack is taken down."""

    step = "found"
    kept: list[dict[str, str]]


class KeptDeleting(Line, frozen=True, kw_only=True):
    """One of it is about to be deleted."""

    step = "deleting"
    kind: str
    name: str
    environment: str


class KeptGone(KeptDeleting, frozen=True, kw_only=True):
    """It is not there any more."""

    step = "gone"


KEPT: Final = Lines("what a stack kept", (KeptFound, KeptDeleting, KeptGone))
