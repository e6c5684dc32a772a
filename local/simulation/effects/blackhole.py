"""Ports that are cut off: what comes is what the load balancer asks, what goes is what the database is asked."""

from __future__ import annotations

from local.simulation.effect import Hit, Undo, effect


@effect("aws:ssm:send-command AWSFIS-Run-Network-Blackhole-Port")
def cut_off_instances(hit: Hit) -> Undo:
    """The document of AWS on instances."""
    return _cut_off(hit, hit.given.get("TrafficType", "ingress"))


@effect("aws:ecs:task-network-blackhole-port")
def cut_off_tasks(hit: Hit) -> Undo:
    """The action in tasks, which has no direction of its own choice."""
    return _cut_off(hit, hit.given["trafficType"])


def _cut_off(hit: Hit, direction: str) -> Undo:
    return hit.disturb("reachable" if direction == "ingress" else "database_reachable", value=False)
