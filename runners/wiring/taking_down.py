"""Takes a stack down: what holds data stays unless its name is repeated; the same command goes on after a failure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from preview.engines import Engine, chosen
from preview.errors import PreviewError
from preview.project import Project
from runners.errors import InputError
from runners.kept.kept import OTHER, Kept, in_program, in_state, ordered
from runners.kept.notes import Notes
from runners.kept.outcome import TakenDown
from runners.runs.clock import Clock, SystemClock
from runners.stack.locations import program_folder

if TYPE_CHECKING:
    from runners.kept.holders import Holders
    from runners.wiring.opening import Ground

Consent = Callable[[str], bool]
Say = Callable[[str], object]


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What the command line asks for. `delete_data` is the stack's name once more where its data is to go as well."""

    stack: str
    folder: Path
    engine: Engine
    delete_data: bool
    say: Say
    clock: Clock = field(default_factory=SystemClock)

    @classmethod
    def of(cls, stack: str, *, program: Path | None, engine: Engine, delete_data: str | None, say: Say) -> Ending:
        """The order behind the options of the command.

        Raises:
            InputError: an option cannot be used, or the name was not repeated.
        """
        if delete_data not in (None, stack):
            msg = f"--delete-data {delete_data!r} does not repeat the name of the stack, {stack!r}; nothing was done"
            raise InputError(msg)
        folder = program_folder(program)
        return cls(stack=stack, folder=folder, engine=chosen(engine, say), delete_data=delete_data is not None, say=say)


def take_down(ending: Ending, consent: Consent) -> TakenDown:
    """Deletes what was applied, and lists what holds data or deletes that too.

    Raises:
        LocalCloudError: the local cloud does not run, or refused something.
        EngineError: the real engine failed.
        JournalError: another process takes this stack down.
        WrongAccountError: the credentials are not of the stack's account.
    """
    engine = ending.engine.value
    ground = _ground(ending)
    if ground is not None:
        ground.open()
    if not ending.delete_data and not consent(f"take stack {ending.stack} down, and leave what holds data"):
        return TakenDown(stack=ending.stack, engine=engine, deleted=0, done=False)
    from runners.kept.removal import Removal

    holders = _holders(ending, ground)
    state = _state(ending)
    with Notes.open(ending.folder, ending.stack, ending.clock) as notes:
        held = in_state(state or {})
        # The state goes with the stack: what it keeps is written down first.
        notes.found([*held, *(_of_program(ending) if ending.delete_data else ())])
        deleted = 0 if state is None else _destroy(ending)
        removal = Removal(holders=holders, notes=notes, say=ending.say)
        kept = list(ordered(notes.left(), (other for other in held if other.kind == OTHER)))
        outcomes = removal.delete(kept) if ending.delete_data else removal.tell(kept)
    return TakenDown(stack=ending.stack, engine=engine, deleted=deleted, outcomes=outcomes)


def _ground(ending: Ending) -> Ground | None:
    """Where the stack stands. The local cloud has one account, so unreadable settings keep nothing up there."""
    from runners.wiring.grounds import ground_to_take_down

    try:
        return ground_to_take_down(ending.stack, ending.folder, ending.engine)
    except PreviewError as error:
        if ending.delete_data or ending.engine is not Engine.LOCAL:
            raise
        ending.say(f"what stays is not looked at: {error}")
        return None


def _holders(ending: Ending, ground: Ground | None) -> Holders:
    """What looks at what stays."""
    from runners.wiring.kept import holders_of

    return {} if ground is None else holders_of(ground, ending.clock)


def _state(ending: Ending) -> Mapping[str, Any] | None:
    """The stack's state; None when the stack itself is gone, which is no reason to leave its data."""
    if ending.engine is Engine.LOCAL:
        from runners.stack.local_cloud import held_state

        return held_state(ending.folder, ending.stack)
    from runners.stack.pulumi_stack import NoStackError, exported_stack

    try:
        return exported_stack(ending.folder, ending.stack)
    except NoStackError as error:
        if not ending.delete_data:
            raise
        ending.say(f"{error}; going on with what it may have left")
        return None


def _of_program(ending: Ending) -> tuple[Kept, ...]:
    """What the program would keep: where neither state nor notes are left, it alone knows the names."""
    from preview.program import record

    try:
        return in_program(record(Project.load(ending.folder, ending.stack)).registrations)
    except PreviewError as error:
        ending.say(f"the program does not tell what it keeps ({error}); going on with state and notes")
        return ()


def _destroy(ending: Ending) -> int:
    if ending.engine is Engine.LOCAL:
        from runners.stack.local_cloud import destroy

        return destroy(ending.folder, ending.stack, ending.say)
    from runners.stack.pulumi_stack import destroy_stack

    return destroy_stack(ending.folder, ending.stack, ending.say)
