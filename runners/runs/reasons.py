"""Why no run of any kind begins now."""

from __future__ import annotations

from runners.runs.reason import Reason


class RunReason(Reason):
    """Reasons of the stack's lock, which runs of every kind take turns with."""

    LOCKED = "locked", "{held}", "wait for its end, then start this again"
