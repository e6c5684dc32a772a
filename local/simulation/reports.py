"""What the simulation did, in the shapes in which AWS reports it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local.seed import SERVICE
from local.simulation.rehearsal import Rehearsal


def scaling_activities(held: Rehearsal) -> list[dict[str, Any]]:
    """As DescribeScalingActivities lists them, newest first."""
    begun = held.now - held.workload.now
    found = []
    for number, replaced in enumerate(held.workload.replacements, 1):
        ready = replaced.ready <= held.workload.now
        activity = {
            "ActivityId": f"{number:032x}",
            "AutoScalingGroupName": SERVICE,
            "Description": f"Launching a new EC2 instance: {replaced.launched}",
            "Cause": f"an instance was taken out of service: {replaced.gone}",
            "StartTime": _moment(begun + replaced.started),
            "StatusCode": "Successful" if ready else "InProgress",
            "Progress": 100 if ready else 50,
        }
        found.append(activity | ({"EndTime": _moment(begun + replaced.ready)} if ready else {}))
    return found[::-1]


def alarm_history(held: Rehearsal, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """As DescribeAlarmHistory lists state updates, newest first."""
    first, last = (_seconds(asked.get(name)) for name in ("StartDate", "EndDate"))
    return [
        {
            "AlarmName": change.alarm,
            "AlarmType": "MetricAlarm",
            "Timestamp": _moment(change.at),
            "HistoryItemType": "StateUpdate",
            "HistorySummary": f"Alarm updated from {change.before} to {change.after}",
            "HistoryData": json.dumps(
                {"oldState": {"stateValue": change.before}, "newState": {"stateValue": change.after}}
            ),
        }
        for change in reversed(held.alarms.history)
        if asked.get("AlarmName") in (None, change.alarm)
        and asked.get("HistoryItemType") in (None, "StateUpdate")
        and (first is None or change.at >= first)
        and (last is None or change.at <= last)
    ]


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _seconds(given: Any) -> float | None:
    if given is None:
        return None
    if isinstance(given, datetime):
        return (given if given.tzinfo else given.replace(tzinfo=UTC)).timestamp()
    if isinstance(given, int | float):
        return float(given)
    return datetime.fromisoformat(str(given)).timestamp()
