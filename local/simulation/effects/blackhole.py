"""Ports that are cut off: what comes is what the load balancer asks, what goes is what the database is asked."""

from __future__ import annotations

from local.simulation.effect import Hit, Undo, effect


@effect("aws:ssm:send-command AWSFIS-Run-Network-Blackhole-Port")
def cut_off(hit: Hit) -> Undo:
    """The document of AWS on instances."""
    direction = hit.given.get("TrafficType", "ingress")
    return hit.disturb("reachable" if direction == "ingress" else "database_reachable", value=False)
