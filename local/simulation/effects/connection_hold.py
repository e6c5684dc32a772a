"""Connections of the database that are held."""

from __future__ import annotations

from local.simulation.effect import Hit, Undo, effect


@effect("aws:ssm:send-command *connection-hold")
def hold(hit: Hit) -> Undo:
    """Each of what is hit holds as many as the document is told."""
    connections = len(hit.arns) * int(hit.given.get("Connections", 0))
    hit.workload.held += connections

    def give_back() -> None:
        hit.workload.held -= connections

    return give_back
