"""The lines of an experiment's journal, in the order in which they come."""

from __future__ import annotations

from typing import Final

STARTED: Final = "started"
REFUSED: Final = "refused"
LOCKED: Final = "locked"
INSIGHTS: Final = "insights"
BASELINE: Final = "baseline"
STARTING: Final = "starting"
INJECTING: Final = "injecting"
SAMPLE: Final = "sample"
STOPPING: Final = "stopping"
OVER: Final = "over"
SEEN: Final = "seen"
# At any place: the runner was away and came back; something went wrong.
RESUMED: Final = "resumed"
FAULT: Final = "fault"
CLEANED: Final = "cleaned"
ENDED: Final = "ended"
STORED: Final = "stored"
