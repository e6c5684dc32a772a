"""The lines of an experiment's journal that no other run has, in the order in which they come."""

from __future__ import annotations

from typing import Final

LOCKED: Final = "locked"
INSIGHTS: Final = "insights"
# Which versions of the workload run, before the fault and at the end.
VERSIONS: Final = "versions"
BASELINE: Final = "baseline"
STARTING: Final = "starting"
INJECTING: Final = "injecting"
SAMPLE: Final = "sample"
STOPPING: Final = "stopping"
OVER: Final = "over"
SEEN: Final = "seen"
VERSIONS_AFTER: Final = "versions-after"
