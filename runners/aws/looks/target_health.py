"""A target group: how many targets are healthy."""

from __future__ import annotations

from collections.abc import Sequence

from runners.aws.balancer import healthy_targets, target_group_arn
from runners.aws.look import Looking, look


@look("target-health")
def target_health(at: Looking, target_group: str, _hit: Sequence[str]) -> float:
    """The healthy ones. The group's full name does not change while it is asked for."""
    if target_group not in at.remembered:
        at.remembered[target_group] = target_group_arn(at.clients, target_group)
    return float(len(healthy_targets(at.clients, at.remembered[target_group])))
