"""Waiting for what AWS does in its own time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from runners.errors import AwsError
from runners.runs.clock import Clock, pause, wait_for

_WITHIN: Final = timedelta(minutes=10)
_TRIES: Final = 12


@dataclass(frozen=True)
class Patience:
    """How often something is asked for."""

    clock: Clock
    every: timedelta

    def until(self, what: str, done: Callable[[], bool]) -> None:
        """Asks until it is so.

        Raises:
            DeadlineError: it was not within ten minutes.
        """
        wait_for(self.clock, what, lambda: done() or None, within=_WITHIN, every=self.every)

    def insist(self, code: str, act: Callable[[], object]) -> None:
        """Tries again what is refused with this code: AWS sees for a while what was deleted a moment ago.

        Raises:
            AwsError: it is refused for a minute, or with another code.
        """
        for left in reversed(range(_TRIES)):
            try:
                act()
            except AwsError as error:
                if error.code != code or not left:
                    raise
                pause(self.clock, self.every, f"what is refused with {code}")
            else:
                return
