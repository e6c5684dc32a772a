"""Why a control run does not begin."""

from __future__ import annotations

from runners.runs.reason import Reason


class ControlReason(Reason):
    """Reasons of control runs."""

    NOTHING_TO_WATCH = (
        "nothing-to-watch",
        "there is nothing to watch: no experiment with probes, and no alarm",
        "add an experiment, or set up alarms, and apply the stack",
    )
