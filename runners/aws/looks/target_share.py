"""A target group: healthy targets as a share of those that are to serve, whatever their number."""

from __future__ import annotations

from collections.abc import Sequence

from runners.aws.balancer import target_group_arn
from runners.aws.look import Looking, look
from runners.aws.session import calling

# On their way out: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html
_LEAVING = ("draining", "unhealthy.draining")


@look("target-share")
def target_share(at: Looking, target_group: str, _hit: Sequence[str]) -> float:
    """The share of healthy targets among those that are not leaving; 0 where there are none, for nobody serves."""
    if target_group not in at.remembered:
        at.remembered[target_group] = target_group_arn(at.clients, target_group)
    arn = at.remembered[target_group]
    with calling("elasticloadbalancing:DescribeTargetHealth", arn):
        described = at.clients.client("elbv2").describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    states = [held["TargetHealth"]["State"] for held in described]
    staying = [state for state in states if state not in _LEAVING]
    return states.count("healthy") / len(staying) if staying else 0.0
