"""What an earlier `down` left is taken back by the next `up`: AWS would refuse to create it a second time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from contract.names import ENVIRONMENT_TAG, MANAGED_BY_TAG, MANAGED_BY_US
from contract.reading.errors import ReadingError, shown
from contract.reading.json_text import read_json
from preview.engines import Engine
from preview.project import Project
from runners.errors import InputError
from runners.kept.kept import OTHER, Kept, in_program, in_state

if TYPE_CHECKING:
    from pathlib import Path

    from preview.recording import Recording
    from runners.kept.holders import Holders
    from runners.wiring.opening import Ground

SETTING: Final = "ial:adopt"


@dataclass(frozen=True, kw_only=True)
class Adopting:
    """Looks for what the program keeps, the stack does not hold, and AWS has."""

    project: Project
    holders: Holders

    def names(self, program: tuple[Kept, ...], state: tuple[Kept, ...]) -> tuple[str, ...]:
        """The names to take back; empty where there is nothing to add to the settings.

        Raises:
            InputError: something of a name that the program would create is there, and is not the stack's.
            AwsError: AWS could not be asked.
        """
        listed = set(self._listed())
        missing = [held for held in program if held.kind != OTHER and held not in state and held.name not in listed]
        found = [held.name for held in missing if self._is_there(held)]
        return (*sorted(listed), *found) if found else ()

    def _listed(self) -> list[str]:
        try:
            found = read_json(self.project.config.get(SETTING) or "[]", SETTING).data
        except ReadingError as error:
            raise InputError(str(error)) from None
        if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
            msg = f"{SETTING}: {shown(found)}; accepted: a list of names"
            raise InputError(msg)
        return found

    def _is_there(self, held: Kept) -> bool:
        look = self.holders[held.kind].look(held.name)
        if look is not None and not held.is_ours(look.tags):
            tags = f"{MANAGED_BY_TAG}={MANAGED_BY_US} and {ENVIRONMENT_TAG}={held.environment}"
            hint = "set `existing: true` for it in ial:workload if it is the workload's, else rename the environment"
            msg = f"{held.shown} exists and is not this stack's (no tags {tags}); nothing was created: {hint}"
            raise InputError(msg)
        return look is not None


def left_by_down(project: Project, ground: Ground, folder: Path, recording: Recording | None) -> tuple[str, ...]:
    """The value that `ial:adopt` needs for the next `up`; empty where it needs none.

    `recording` is the program's run, if there was one.

    Raises:
        InputError: something of a name that the program would create is there, and is not the stack's.
        AwsError: AWS could not be asked.
        PreviewError: the program or the engine failed.
    """
    from preview.program import record
    from runners.runs.clock import SystemClock
    from runners.wiring.kept import holders_of

    program = in_program((recording or record(project)).registrations)
    state = in_state(_state(project.stack, ground.engine, folder))
    if not set(program) - set(state):
        return ()
    return Adopting(project=project, holders=holders_of(ground, SystemClock())).names(program, state)


def _state(stack: str, engine: Engine, folder: Path) -> Mapping[str, Any]:
    if engine is Engine.LOCAL:
        from runners.stack.local_cloud import held_state

        return held_state(folder, stack)
    from runners.stack.pulumi_stack import exported_stack

    return exported_stack(folder, stack)
