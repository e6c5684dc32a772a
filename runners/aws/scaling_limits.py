"""Why a workload could not grow, through boto3: it is as large as it may be, is kept from it, or AWS gave nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from runners.aws.session import Clients, calling
from runners.runs.clock import Clock

_LOOK_BACK: Final = timedelta(hours=1)
# Without these no alarm makes a group larger: https://docs.aws.amazon.com/autoscaling/ec2/userguide/
# as-suspend-resume-processes.html
_GROWING: Final = ("Launch", "AlarmNotification")
_TASKS: Final = "ecs:service:DesiredCount"


@dataclass(frozen=True)
class ScalingLimits:
    """One group and one service, as CLUSTER/SERVICE; None where the workload has none."""

    clients: Clients
    group: str | None
    clock: Clock
    service: str | None = None

    def found(self) -> str:
        """The limit in words for people; empty when there is none.

        Raises:
            AwsError: the group or the service could not be looked at.
            LookupError: there is no such group, or no such service.
        """
        return next((why for look in (self._group, self._service) for why in look()), "")

    def _group(self) -> Iterator[str]:
        if self.group is None:
            return
        scaling = self.clients.client("autoscaling")
        with calling("autoscaling:DescribeAutoScalingGroups", self.group):
            answer = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[self.group])
        [group] = answer["AutoScalingGroups"]
        yield from self._of_group(group)
        with calling("autoscaling:DescribeScalingActivities", self.group):
            activities = scaling.describe_scaling_activities(AutoScalingGroupName=self.group)["Activities"]
        since = self.clock.now() - _LOOK_BACK
        for held in activities:
            if held["StatusCode"] == "Failed" and held["StartTime"] >= since:
                yield f"group {self.group}: {held.get('StatusMessage', 'a launch failed')}"

    def _of_group(self, group: Mapping[str, Any]) -> Iterator[str]:
        # A group of one size does not scale at all, so nothing kept it from that.
        if group["MinSize"] == group["MaxSize"]:
            return
        if group["DesiredCapacity"] >= group["MaxSize"]:
            yield f"group {self.group} is as large as it may be ({group['MaxSize']})"
        suspended = {held["ProcessName"] for held in group.get("SuspendedProcesses", [])}
        for process in _GROWING:
            if process in suspended:
                yield f"group {self.group} cannot grow: {process} is suspended"

    def _service(self) -> Iterator[str]:
        """A service that nothing scales has no limit; else its number of tasks beside that of its scaling.

        Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_ScalableTarget.html
        """
        if self.service is None:
            return
        with calling("application-autoscaling:DescribeScalableTargets", self.service):
            answer = self.clients.client("application-autoscaling").describe_scalable_targets(
                ServiceNamespace="ecs", ResourceIds=[f"service/{self.service}"], ScalableDimension=_TASKS
            )
        for target in answer["ScalableTargets"]:
            if target["MinCapacity"] == target["MaxCapacity"]:
                continue
            if self._tasks() >= target["MaxCapacity"]:
                yield f"service {self.service} has as many tasks as it may ({target['MaxCapacity']})"
            if target.get("SuspendedState", {}).get("DynamicScalingOutSuspended"):
                yield f"service {self.service} cannot grow: its scaling out is suspended"

    def _tasks(self) -> int:
        cluster, _, name = str(self.service).partition("/")
        with calling("ecs:DescribeServices", str(self.service)):
            found = self.clients.client("ecs").describe_services(cluster=cluster, services=[name])["services"]
        [service] = found
        return int(service["desiredCount"])
