"""CloudWatch's alarms as runners use them: a port."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from runners.chaos.alert_accuracy import StateChange
from runners.chaos.preflight import AlarmSituation


class Alarms(Protocol):
    """Reads alarms. Every method raises AwsError when they could not be read."""

    def situations(self, names: Collection[str]) -> Mapping[str, AlarmSituation | None]:
        """Each alarm as it is now; None for one that does not exist."""

    def changes(self, names: Collection[str], first: datetime, last: datetime) -> list[StateChange]:
        """What changed its state in that time, oldest first."""
