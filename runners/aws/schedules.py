"""Schedules of EventBridge Scheduler, changed in one point and left as they are in all others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from runners.aws.session import Clients, calling

_GROUP: Final = "default"
# What UpdateSchedule takes of what GetSchedule gives: what it isn't told, it resets.
_KEPT: Final = (
    *("Name", "GroupName", "ScheduleExpression", "ScheduleExpressionTimezone", "EndDate", "Description", "State"),
    *("KmsKeyArn", "Target", "FlexibleTimeWindow", "ActionAfterCompletion"),
)


@dataclass(frozen=True)
class AwsSchedules:
    """One account and region. Every method raises AwsError when the schedule could not be read or changed."""

    clients: Clients

    def switch(self, name: str, *, on: bool) -> None:
        """Lets it start what it starts, or not."""
        self._change(name, State="ENABLED" if on else "DISABLED")

    def begin_at(self, name: str, moment: datetime) -> None:
        """Moves the time before which it starts nothing."""
        self._change(name, StartDate=moment)

    def _change(self, name: str, **changes: Any) -> None:
        client = self.clients.client("scheduler")
        with calling("scheduler:GetSchedule", name):
            held = client.get_schedule(Name=name, GroupName=_GROUP)
        kept = {key: held[key] for key in _KEPT if held.get(key) is not None}
        with calling("scheduler:UpdateSchedule", name):
            client.update_schedule(**kept | changes)
