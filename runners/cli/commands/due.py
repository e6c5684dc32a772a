"""`ial chaos due`: what a stack's schedules ask for now, and the start of it."""

from typing import Annotated

import typer

from runners.cli.commands.chaos import AsRunner, Confirm, Rehearsed, group
from runners.cli.commands.on_stack import OnStack, on_stack
from runners.cli.commands.options import Probe
from runners.schedules.planned_kind import PlannedKind


def add_to_chaos() -> None:
    """Adds the command to those of chaos."""
    group.command()(due)


@on_stack
def due(
    on: OnStack,
    run: Annotated[bool, typer.Option("--run", help="Start what is due; without it that is only shown.")] = False,
    only: Annotated[PlannedKind | None, typer.Option("--only", help="Leave the other kind to somebody else.")] = None,
    confirm: Confirm = None,
    probe: Probe = None,
    rehearsal: Rehearsed = None,
    as_runner: AsRunner = False,
) -> None:
    """Show which experiments and drills are due, late, or missed; with --run, start the one that is late the longest.

    Exit code 0 when nothing is due, and when something is and was only shown: `due` of the JSON tells them apart. With
    --run, that of `ial chaos run` or `ial backup drill`; 3 when another trigger decides at the same time.
    """
    from runners.cli.views.due_view import show_due, show_due_run
    from runners.wiring.due import opened

    with opened(*on.given, only=only, probe=probe, as_runner=as_runner, rehearsal=rehearsal, alone=run) as runs:
        if not run:
            found = runs.read()
            on.show(found.document(on.stack), lambda terminal: show_due(found, terminal))
            raise typer.Exit
        done = runs.run(confirm)
    on.show(done.document(on.stack), lambda terminal: show_due_run(done, terminal))
    raise typer.Exit(done.exit_code)
