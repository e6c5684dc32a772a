"""Calls that are slowed down."""

from __future__ import annotations

from local.simulation.effect import Hit, Undo, effect


@effect("aws:ssm:send-command AWSFIS-Run-Network-Latency*")
def delay_instances(hit: Hit) -> Undo:
    """The documents of AWS on instances."""
    return hit.disturb("delay_ms", value=float(hit.given.get("DelayMilliseconds", 200)))


@effect("aws:ecs:task-network-latency")
def delay_tasks(hit: Hit) -> Undo:
    """The action in tasks, whose parameters are written otherwise."""
    return hit.disturb("delay_ms", value=float(hit.given.get("delayMilliseconds", 200)))
