"""Experiments that EventBridge Scheduler starts: the mark of a halt says nothing to it, so it is told itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from runners.errors import AwsError


class Schedules(Protocol):
    """Schedules by name."""

    def switch(self, name: str, *, on: bool) -> None:
        """Lets one start what it starts, or not.

        Raises:
            AwsError: it could not be switched.
        """


@dataclass(frozen=True)
class ScheduledStarts:
    """The schedules of one stack's experiments."""

    names: tuple[str, ...]
    schedules: Schedules
    say: Callable[[str], object]

    def switch(self, *, on: bool) -> tuple[str, ...]:
        """Switches each, whatever becomes of the others; returns those of which it is not known, with the reason."""
        left = []
        for name in self.names:
            try:
                self.schedules.switch(name, on=on)
            except AwsError as error:
                left.append(f"schedule {name}, which is to be {'enabled' if on else 'disabled'}: {error}")
            else:
                self.say(f"schedule {name} is {'enabled' if on else 'disabled'}")
        return tuple(left)
