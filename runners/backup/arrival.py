"""How something new comes about under a name that is the run's alone: asked for once, and waited for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from runners.backup.drill import DrillLimits, DrillRun
from runners.errors import AwsError
from runners.runs.clock import wait_for

T = TypeVar("T")


def ask_once(ask: Callable[[], T], there: Callable[[], bool]) -> T | None:
    """What AWS answers; None where it is there already, as a run that goes on finds it.

    A request whose answer was lost is sent again, and then refused: what is there by then is what was asked for.

    Raises:
        AwsError: it is not there, and AWS refused it.
    """
    if there():
        return None
    try:
        return ask()
    except AwsError:
        if not there():
            raise
        return None


def arrived(run: DrillRun, what: str, look: Callable[[], T | None], limits: DrillLimits) -> T:
    """What was restored, once `look` sees it.

    Raises:
        DeadlineError: it did not come within the limits.
    """
    return wait_for(run.clock, what, look, within=limits.restored_within, every=limits.every)
