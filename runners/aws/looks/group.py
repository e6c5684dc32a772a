"""An Auto Scaling group: how many members are in service."""

from __future__ import annotations

from collections.abc import Sequence

from runners.aws.look import Looking, look
from runners.aws.session import calling


@look("group")
def group(at: Looking, name: str, _hit: Sequence[str]) -> float:
    """The members in service."""
    with calling("autoscaling:DescribeAutoScalingGroups", name):
        answer = at.clients.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    members = answer["AutoScalingGroups"][0]["Instances"]
    return float(sum(held["LifecycleState"] == "InService" for held in members))
