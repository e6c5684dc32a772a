"""A database that is away, or that nobody reaches."""

from __future__ import annotations

from local.simulation.effect import Hit, Undo, disturbed, effect


@effect("aws:rds:*")
def down(hit: Hit) -> Undo:
    """A failover, and a reboot: nobody is answered in between."""
    hit.workload.database_up = False

    def up() -> None:
        hit.workload.database_up = True

    return up


@effect("aws:ssm:start-automation-execution*")
def unreachable(hit: Hit) -> Undo:
    """A runbook that takes the database from everyone."""
    return disturbed(list(hit.workload.registered), "database_reachable", value=False)
