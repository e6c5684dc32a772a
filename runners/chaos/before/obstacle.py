"""Why an experiment must not start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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


def changed_obstacles(
    kind: str, name: str, seen: str | None, applied: str, unread: Mapping[str, str], key: str
) -> Iterator[Obstacle]:
    """Something of the stack that is not what was applied, by fingerprints: `seen` is empty when it is not there."""
    if seen is None:
        yield unread_obstacle(f"{kind}-unknown", f"{kind} {name}", unread, key)
    elif not seen:
        yield Obstacle(f"{kind}-missing", f"{kind} {name} does not exist; apply the stack again")
    elif seen != applied:
        yield Obstacle(f"{kind}-changed", f"{kind} {name} is not what was applied; apply it again")
