"""What keeps a workload from growing: each limit is told, and a workload that can grow has none."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from runners.aws.scaling_limits import ScalingLimits
from tests.runners.rehearsal import QuickClock

CLOCK = QuickClock()
GROUP: dict[str, Any] = {"MinSize": 1, "MaxSize": 4, "DesiredCapacity": 2, "SuspendedProcesses": []}
TARGET: dict[str, Any] = {"MinCapacity": 2, "MaxCapacity": 6, "SuspendedState": {"DynamicScalingOutSuspended": False}}


class Services:
    """AWS's answers as its API reference has them."""

    def __init__(self, group: dict[str, Any], targets: list[dict[str, Any]], tasks: int, failed: timedelta) -> None:
        activity = {"StatusCode": "Failed", "StartTime": CLOCK.now() - failed, "StatusMessage": "no capacity"}
        self._known = {
            "autoscaling": SimpleNamespace(
                describe_auto_scaling_groups=lambda **_: {"AutoScalingGroups": [group]},
                describe_scaling_activities=lambda **_: {"Activities": [activity]},
            ),
            "application-autoscaling": SimpleNamespace(
                describe_scalable_targets=lambda **_: {"ScalableTargets": targets}
            ),
            "ecs": SimpleNamespace(describe_services=lambda **_: {"services": [{"desiredCount": tasks}]}),
        }

    def client(self, service: str) -> Any:
        return self._known[service]


def limit(
    group: dict[str, Any] | None = None,
    targets: list[dict[str, Any]] | None = None,
    tasks: int = 3,
    failed: timedelta = timedelta(hours=2),
) -> str:
    clients: Any = Services(GROUP | (group or {}), [TARGET] if targets is None else targets, tasks, failed)
    return ScalingLimits(clients, "web", CLOCK, "shop/web").found()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"group": {"DesiredCapacity": 4}}, "group web is as large as it may be (4)"),
        ({"group": {"SuspendedProcesses": [{"ProcessName": "Launch"}]}}, "group web cannot grow: Launch is suspended"),
        (
            {"group": {"SuspendedProcesses": [{"ProcessName": "AlarmNotification"}]}},
            "group web cannot grow: AlarmNotification is suspended",
        ),
        ({"failed": timedelta(minutes=5)}, "group web: no capacity"),
        ({"tasks": 6}, "service shop/web has as many tasks as it may (6)"),
        (
            {"targets": [TARGET | {"SuspendedState": {"DynamicScalingOutSuspended": True}}]},
            "service shop/web cannot grow: its scaling out is suspended",
        ),
    ],
)
def test_what_keeps_it_from_growing(given: dict[str, Any], said: str) -> None:
    assert limit(**given) == said


@pytest.mark.parametrize(
    "given",
    [
        {},
        # What is of one size does not scale, so nothing kept it from that.
        {"group": {"MinSize": 2, "MaxSize": 2, "DesiredCapacity": 2}},
        {"group": {"SuspendedProcesses": [{"ProcessName": "ScheduledActions"}]}},
        {"targets": [], "tasks": 6},
        {"targets": [TARGET | {"MinCapacity": 6}], "tasks": 6},
    ],
)
def test_nothing_does(given: dict[str, Any]) -> None:
    assert limit(**given) == ""


def test_a_workload_of_neither_has_no_limit() -> None:
    nobody: Any = None
    assert ScalingLimits(nobody, None, CLOCK).found() == ""
