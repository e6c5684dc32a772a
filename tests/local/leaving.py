"""Takes a stack down with all that it keeps, as `ial down --delete-data` does."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from contract.signing import Signing
from local.deployment import Deployed, LocalStack
from local.export import deployment
from preview.engines import Engine
from runners.kept.kept import OTHER, Kept, in_state
from runners.runs.clock import SystemClock
from runners.wiring.kept import holders_of
from runners.wiring.opening import Ground, local_endpoint


class LeavingStack(LocalStack):
    """Remembers what it keeps when it goes, for `remove`."""

    kept: tuple[Kept, ...] = ()

    def down(self, step: Callable[[str, str], None] = lambda *_: None) -> Deployed:
        """As ever."""
        self.kept += kept_by(self)
        return super().down(step)


def leave_nothing(stack: LocalStack) -> None:
    """The stack goes first: what still writes into what it keeps is gone then."""
    kept = kept_by(stack)
    stack.down()
    remove(stack, kept)


def kept_by(stack: LocalStack) -> tuple[Kept, ...]:
    """What stays of the stack when it goes."""
    return tuple(held for held in in_state(deployment(stack.state())) if held.kind != OTHER)


def remove(stack: LocalStack, kept: Iterable[Kept]) -> None:
    """Removes what stayed, with all that is in it."""
    project = stack.project
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
