"""The lines of a control run's journal."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import UNSET, UnsetType

from runners.chaos.control.watched_probes import WatchedProbe
from runners.runs.lines import OF_EVERY_RUN, FirstLine, Line, Lines
from runners.runs.steps import STARTED

TYPE: Final = "control"
WATCHING: Final = "watching"
LOOK: Final = "look"
WATCHED: Final = "watched"
# When, of which probe, and the value; no value is no data.
Noted = tuple[str, str, float | None]


class ControlStarted(FirstLine, frozen=True, kw_only=True):
    """What is watched, for how long, and who asked for it."""

    step = STARTED
    type: Literal["control"] = TYPE
    stack: str
    operator: str
    minutes: int
    alarms: list[str]
    probes: list[WatchedProbe]


class Watching(Line, frozen=True, kw_only=True):
    """The watch begins; alarms that ring already, or do not exist, say nothing. Older lines lack the latter."""

    step = WATCHING
    began: str
    already: list[str]
    gone: list[str] | UnsetType = UNSET


class Looked(Line, frozen=True, kw_only=True):
    """One look through what can only be seen live."""

    step = LOOK
    at: str
    samples: list[Noted]


class Watched(Line, frozen=True, kw_only=True):
    """The watch is over: what CloudWatch kept, and what the alarms did; null could not be read."""

    step = WATCHED
    ended: str
    samples: list[Noted]
    changes: list[tuple[str, str, str]] | None


CONTROL: Final = Lines("a control run", (ControlStarted, Watching, Looked, Watched, *OF_EVERY_RUN))
