"""Why an experiment must not start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Obstacle:
    """A reason not to start; a warning is told, and does not refuse.

    One `of_design` stays until somebody changes a file: a plan tells it, and not every run again.
    """

    code: str
    message: str
    warning: bool = False
    of_design: bool = False

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


def unread_obstacle(code: str, what: str, unread: Mapping[str, str], key: str, *, warning: bool = False) -> Obstacle:
    """What could not be read, with why not as `unread` has it under the key. Such codes end in `-unknown`."""
    why = f": {unread[key]}" if key in unread else ""
    return Obstacle(code, f"{what} could not be read{why}", warning)
