"""An alarm: 1 when OK, 0 when not."""

from __future__ import annotations

from collections.abc import Sequence

from runners.aws.alarms import AwsAlarms
from runners.aws.look import Looking, look


@look("alarm")
def alarm(at: Looking, name: str, _hit: Sequence[str]) -> float:
    """Whether it is OK."""
    return float(AwsAlarms(at.clients, at.clock).states([name])[name] == "OK")
