"""Why a rollback does not begin. Whether one is due, and of what, is decided by it, and told in its record."""

from __future__ import annotations

from runners.runs.reason import Reason


class RollbackReason(Reason):
    """Reasons of rollbacks."""

    UNFINISHED = "unfinished", "rollback {run} has not ended", "resume it where its journal is, or look at it"
    NO_LONGER = "no-longer", "what was decided before the pause is not so any more: {why}", "plan it anew"
    CHANGED_BY_ANOTHER = "changed-by-another", "{why}", "look at who changes it; nothing was changed here"
