"""The lines of an experiment's journal that no other run has, in the order in which they come."""

from __future__ import annotations

from typing import Final

LOCKED: Final = "locked"
INSIGHTS: Final = "insights"
BASELINE: Final = "baseline"
STARTING: Final = "starting"
INJECTING: Final = "injecting"
SAMPLE: Final = "sample"
STOPPING: Final = "stopping"
OVER: Final = "over"
SEEN: Final = "seen"
