"""Instances and tasks that end."""

from __future__ import annotations

from local.simulation.effect import Hit, Undo, effect, nothing


@effect("aws:ec2:terminate-instances", "aws:ecs:stop-task")
def terminate(hit: Hit) -> Undo:
    """Ends what is hit, for the workload as for the cloud."""
    for instance in hit.instances:
        hit.workload.terminate(instance.id)
        hit.terminated(instance.id)
    return nothing


@effect("aws:ec2:stop-instances")
def stop(hit: Hit) -> Undo:
    """A stopped instance answers nobody."""
    return hit.disturb("reachable", value=False)
