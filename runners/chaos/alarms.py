"""CloudWatch's alarms as runners use them: a port."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from runners.chaos.before.mute_rule import MuteRule
from runners.chaos.before.situation import AlarmSituation
from runners.chaos.judging.alert_accuracy import StateChange


class Alarms(Protocol):
    """Reads alarms. Every method raises AwsError when they could not be read."""

    def states(self, names: Collection[str]) -> Mapping[str, str]:
        """OK, ALARM or INSUFFICIENT_DATA, by name; those that do not exist are not in it."""

    def situations(self, names: Collection[str]) -> Mapping[str, AlarmSituation | None]:
        """Each alarm as it is now, and whether it has data; None for one that does not exist."""

    def changes(self, names: Collection[str], first: datetime, last: datetime) -> list[StateChange]:
        """What changed its state in that time, oldest first."""

    def mute_rule(self, name: str) -> MuteRule | None:
        """When it holds back the notifications of which alarms; None when there is none, or it has expired."""
