"""Takes a stack down with all that it keeps, as `ial down --delete-data` does."""

from __future__ import annotations

from contract.signing import Signing
from local.deployment import LocalStack
from local.export import deployment
from preview.engines import Engine
from runners.clock import SystemClock
from runners.kept.access import holders_of
from runners.kept.kept import OTHER, in_state
from runners.opening import Ground, local_endpoint


def leave_nothing(stack: LocalStack) -> None:
    """The stack goes first: what still writes into what it keeps is gone then."""
    project = stack.project
    kept = [held for held in in_state(deployment(stack.state())) if held.kind != OTHER]
    stack.down()
    ground = Ground(
        stack=project.stack,
        engine=Engine.LOCAL,
        region=project.config["aws:region"],
        account=project.config["ial:accountId"],
        signing=Signing.read({}),
        # The settings are the program's; the cloud is that of the folder.
        endpoint=local_endpoint(Engine.LOCAL, project.directory),
    )
    holders = holders_of(ground, SystemClock())
    for held in kept:
        assert holders[held.kind].remove(held) == ""
