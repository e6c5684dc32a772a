"""The lines that every run's journal may have, whatever its kind; all others are a kind's own."""

from __future__ import annotations

from typing import Final

STARTED: Final = "started"
REFUSED: Final = "refused"
# Its data is what was found, where nothing else in the journal says it.
CARRIED_OUT: Final = "carried-out"
# At any place: the runner was away and came back; something went wrong.
RESUMED: Final = "resumed"
FAULT: Final = "fault"
CLEANED: Final = "cleaned"
ENDED: Final = "ended"
STORED: Final = "stored"
# What the last line of a step adds to its name.
DONE: Final = ".done"
