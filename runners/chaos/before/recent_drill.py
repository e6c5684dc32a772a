"""A fault of a database and a restore of it keep apart: they would measure each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from contract.experiments import Experiment
from runners.chaos.before.reasons import ChaosReason
from runners.runs.clock import rfc3339
from runners.runs.reason import Obstacle

DATABASE_APART: Final = timedelta(minutes=60)
READ: Final = "drill"


def drill_obstacles(
    experiment: Experiment, drilled: datetime | None, now: datetime, unread: Mapping[str, str]
) -> Iterator[Obstacle]:
    """What a restore of the database, which began or ended then, stands against."""
    if not experiment.of_database:
        return
    if READ in unread:
        yield ChaosReason.DRILL_UNKNOWN.unread(unread[READ])
    elif drilled is not None and now - drilled < DATABASE_APART:
        free = rfc3339(drilled + DATABASE_APART)
        yield ChaosReason.RECENT_DRILL.against(drilled=rfc3339(drilled), free=free)
