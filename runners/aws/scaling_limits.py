"""Why a group could not grow, through boto3: it is as large as it may be, or AWS did not give it an instance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from runners.aws.session import Clients, calling
from runners.runs.clock import Clock

_LOOK_BACK: Final = timedelta(hours=1)


@dataclass(frozen=True)
class ScalingLimits:
    """One group; None where the workload has none."""

    clients: Clients
    group: str | None
    clock: Clock

    def found(self) -> str:
        """The limit in words for people; empty when there is none.

        Raises:
            AwsError: the group could not be looked at.
            LookupError: there is no such group.
        """
        if self.group is None:
            return ""
        scaling = self.clients.client("autoscaling")
        with calling("autoscaling:DescribeAutoScalingGroups", self.group):
            answer = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[self.group])
        [group] = answer["AutoScalingGroups"]
        # A group of one size does not scale at all, so nothing kept it from that.
        if group["MinSize"] < group["MaxSize"] == group["DesiredCapacity"]:
            return f"group {self.group} is as large as it may be ({group['MaxSize']})"
        with calling("autoscaling:DescribeScalingActivities", self.group):
            activities = scaling.describe_scaling_activities(AutoScalingGroupName=self.group)["Activities"]
        since = self.clock.now() - _LOOK_BACK
        failed = [held for held in activities if held["StatusCode"] == "Failed" and held["StartTime"] >= since]
        return f"group {self.group}: {failed[0].get('StatusMessage', 'a launch failed')}" if failed else ""
