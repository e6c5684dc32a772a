"""`ial rollback`: takes the workload's version back when an experiment shows that the new one is to blame."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from preview.engines import Engine
from runners.cli.commands.options import EngineChoice, Json, Program, Stack
from runners.cli.terminal import Terminal

if TYPE_CHECKING:
    from runners.rollback.record import RollbackRecord

group = typer.Typer(
    help="Take the workload's version back; a fault is undone by `ial chaos`.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Confirm = Annotated[
    str | None, typer.Option("--confirm", metavar="STACK", help="A yes; without it nothing is changed.")
]
AsRunner = Annotated[bool, typer.Option("--as-runner", help="Take on the stack's roles first, as a pipeline does.")]
OfExperiment = Annotated[str | None, typer.Option("--experiment", metavar="NAME", help="Its newest run, which failed.")]
OfRun = Annotated[
    str | None, typer.Option("--run", metavar="RUN", help="The run that failed; default: the newest run.")
]

OfFound = Annotated[
    Path | None,
    typer.Option("--found", metavar="FILE", help="What `ial suite run --json` said: its experiment that failed."),
]


def add_to(app: typer.Typer) -> None:
    """Adds the group to the command line."""
    app.add_typer(group, name="rollback")


@group.callback()
def about() -> None:
    """Take the workload's version back when an experiment shows that it is to blame."""


@group.command()
def plan(
    stack: Stack,
    experiment: OfExperiment = None,
    run: OfRun = None,
    of: OfFound = None,
    as_runner: AsRunner = False,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    json: Json = False,
) -> None:
    """Show what a rollback would do: to which version, what does not come back, what stands against it.

    Changes nothing. Exit code 3 when nothing would be rolled back.
    """
    from runners.cli.views.rollback_view import show_plan
    from runners.rollback.plan import planned
    from runners.wiring.chaos import ChaosAccess
    from runners.wiring.rollback import RollbackAccess, failed_record, failed_run_in

    terminal = Terminal(json)
    run = run if of is None else failed_run_in(of)
    chaos = ChaosAccess.open(stack, program, engine, terminal.say, assume="runner" if as_runner else None)
    access = RollbackAccess(chaos, as_runner)
    found = planned(stack, failed_record(access, experiment, run), access.considering())
    terminal.document(found.document()) if json else show_plan(found, terminal)
    raise typer.Exit(found.exit_code)


@group.command()
def run(
    stack: Stack,
    experiment: OfExperiment = None,
    failed: OfRun = None,
    of: OfFound = None,
    resume: Annotated[
        str | None, typer.Option("--resume", metavar="RUN", help="Go on with a rollback that was cut off.")
    ] = None,
    confirm: Confirm = None,
    as_runner: AsRunner = False,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    json: Json = False,
) -> None:
    """Decide, run the experiment once more if that is needed, roll back, and prove that the older version is well.

    Exit code 0 rolled back, 3 nothing was rolled back, 6 a call to AWS failed before anything was changed, 7 not
    confirmed: chaos is halted, look at it yourself.
    """
    from runners.cli.views.rollback_view import show_record
    from runners.wiring.chaos import ChaosAccess
    from runners.wiring.rollback import RollbackAccess, failed_record, failed_run_in

    terminal = Terminal(json)
    role = "runner" if as_runner else None
    failed = failed if of is None else failed_run_in(of)
    with ChaosAccess.open(stack, program, engine, terminal.say, assume=role, alone=True) as chaos:
        access = RollbackAccess(chaos, as_runner)
        record: RollbackRecord
        if resume is not None:
            chaos.runs.require(resume)
            record = access.life_cycle().resume(resume)
        else:
            record = access.life_cycle().run(failed_record(access, experiment, failed), confirm=confirm)
    terminal.document(record.document()) if json else show_record(record, terminal)
    raise typer.Exit(record.exit_code)


@group.command()
def verify(
    stack: Stack,
    as_runner: AsRunner = False,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    json: Json = False,
) -> None:
    """Check that the version which the last rollback put in place still runs. Exit code 1 if not."""
    from runners.cli.views.rollback_view import show_verified
    from runners.errors import InputError
    from runners.rollback.history import newest_record
    from runners.rollback.verification import verified
    from runners.wiring.chaos import ChaosAccess
    from runners.wiring.rollback import RollbackAccess

    terminal = Terminal(json)
    chaos = ChaosAccess.open(stack, program, engine, terminal.say, assume="runner" if as_runner else None)
    access = RollbackAccess(chaos, as_runner)
    record = newest_record(chaos.records, chaos.clock)
    if record is None:
        msg = f"stack {stack} has rolled nothing back in this month and the last one"
        raise InputError(msg)
    holds = access.holds()
    found = verified(record, access.kinds, holds.all() if holds else (), chaos.clock.now())
    terminal.document(found.document()) if json else show_verified(found, terminal)
    raise typer.Exit(found.exit_code)


@group.command()
def history(stack: Stack, program: Program = None, engine: EngineChoice = Engine.AUTO, json: Json = False) -> None:
    """List the rollbacks that this month's records and this machine's journals know."""
    from runners.cli.views.rollback_view import show_history
    from runners.rollback.history import rollbacks_of
    from runners.wiring.chaos import ChaosAccess

    terminal = Terminal(json)
    chaos = ChaosAccess.open(stack, program, engine, terminal.say)
    found = rollbacks_of(chaos.runs, chaos.access.records, chaos.clock, terminal.say)
    terminal.document(found) if json else show_history(found, stack, terminal)


@group.command()
def hold(
    stack: Stack,
    release: Annotated[bool, typer.Option("--release", help="End every hold: deployments may go on.")] = False,
    as_runner: AsRunner = False,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    json: Json = False,
) -> None:
    """List the versions that are held back after a rollback, or let them go."""
    from runners.cli.views.rollback_view import show_holds
    from runners.wiring.chaos import ChaosAccess
    from runners.wiring.rollback import RollbackAccess

    terminal = Terminal(json)
    access = RollbackAccess(ChaosAccess.open(stack, program, engine, terminal.say), as_runner)
    holds = access.holds()
    found = list(holds.all()) if holds else []
    if release and holds:
        for held in found:
            holds.release(held)
    now = access.chaos.clock.now()
    document = {
        "version": 1,
        "released": release,
        "holds": [{**held.document(), "active": held.active(now)} for held in found],
    }
    terminal.document(document) if json else show_holds(document, terminal)
