"""What a pipeline starts by schedule. A module of its own, as the command line needs no more than this."""

from __future__ import annotations

from enum import StrEnum


class PlannedKind(StrEnum):
    """What is run."""

    EXPERIMENT = "experiment"
    DRILL = "drill"
