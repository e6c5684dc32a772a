"""An ECS service: running tasks as a share of the wanted ones, 0 while a deployment is under way."""

from __future__ import annotations

from collections.abc import Sequence

from runners.aws.look import Looking, look
from runners.aws.session import calling


@look("service")
def service(at: Looking, name: str, _hit: Sequence[str]) -> float:
    """The share of tasks that run; the name is CLUSTER/SERVICE."""
    cluster, _, own = name.partition("/")
    with calling("ecs:DescribeServices", name):
        found = at.clients.client("ecs").describe_services(cluster=cluster, services=[own])["services"][0]
    if len(found["deployments"]) > 1 or not found["desiredCount"]:
        return 0.0
    return float(found["runningCount"] / found["desiredCount"])
