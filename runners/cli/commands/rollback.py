"""`ial rollback`: takes the workload's version back when an experiment shows that the new one is to blame."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runners.cli.commands.on_stack import OnStack, on_stack

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
@on_stack
def plan(
    on: OnStack,
    experiment: OfExperiment = None,
    run: OfRun = None,
    of: OfFound = None,
    as_runner: AsRunner = False,
) -> None:
    """Show what a rollback would do: to which version, what does not come back, what stands against it.

    Changes nothing. Exit code 3 when nothing would be rolled back.
    """
    from runners.cli.views.rollback_view import show_plan
    from runners.rollback.plan import planned
    from runners.wiring.chaos import ChaosAccess
    from runners.wiring.rollback import RollbackAccess, failed_record, failed_run_in

    run = run if of is None else failed_run_in(of)
    chaos = ChaosAccess.open(*on.given, assume="runner" if as_runner else None)
    access = RollbackAccess(chaos, as_runner)
    found = planned(on.stack, failed_record(access, experiment, run), access.considering())
    on.end(found, show_plan)


@group.command()
@on_stack
def run(
    on: OnStack,
    experiment: OfExperiment = None,
    failed: OfRun = None,
    of: OfFound = None,
    resume: Annotated[
        str | None, typer.Option("--resume", metavar="RUN", help="Go on with a rollback that was cut off.")
    ] = None,
    confirm: Confirm = None,
    as_runner: AsRunner = False,
) -> None:
    """Decide, run the experiment once more if that is needed, roll back, and prove that the older version is well.

    Exit code 0 rolled back, 3 nothing was rolled back, 6 a call to AWS failed before anything was changed, 7 not
    confirmed: chaos is halted, look at it yourself.
    """
    from runners.cli.views.rollback_view import show_record
    from runners.wiring.chaos import ChaosAccess
    from runners.wiring.rollback import RollbackAccess, failed_record, failed_run_in

    role = "runner" if as_runner else None
    failed = failed if of is None else failed_run_in(of)
    with ChaosAccess.open(*on.given, assume=role, alone=True) as chaos:
        access = RollbackAccess(chaos, as_runner)
        record: RollbackRecord
        if resume is not None:
            chaos.runs.require(resume)
            record = access.life_cycle().resume(resume)
        else:
            record = access.life_cycle().run(failed_record(access, experiment, failed), confirm=confirm)
    on.end(record, show_record)


@group.command()
@on_stack
def verify(on: OnStack, as_runner: AsRunner = False) -> None:
    """Check that the version which the last rollback put in place still runs. Exit code 1 if not."""
    from runners.cli.views.rollback_view import show_verified
    from runners.errors import InputError
    from runners.rollback.history import newest_record
    from runners.rollback.verification import verified
    from runners.wiring.chaos import ChaosAccess
    from runners.wiring.rollback import RollbackAccess

    chaos = ChaosAccess.open(*on.given, assume="runner" if as_runner else None)
    access = RollbackAccess(chaos, as_runner)
    record = newest_record(chaos.records, chaos.clock)
    if record is None:
        msg = f"stack {on.stack} has rolled nothing back in this month and the last one"
        raise InputError(msg)
    holds = access.holds()
    found = verified(record, access.kinds, holds.all() if holds else (), chaos.clock.now())
    on.end(found, show_verified)


@group.command()
@on_stack
def history(on: OnStack) -> None:
    """List the rollbacks that this month's records and this machine's journals know."""
    from runners.cli.views.rollback_view import show_history
    from runners.rollback.history import rollbacks_of
    from runners.wiring.chaos import ChaosAccess

    chaos = ChaosAccess.open(*on.given)
    found = rollbacks_of(chaos.runs, chaos.access.records, chaos.clock, on.terminal.say)
    on.show(found, lambda terminal: show_history(found, on.stack, terminal))


@group.command()
@on_stack
def hold(
    on: OnStack,
    release: Annotated[bool, typer.Option("--release", help="End every hold: deployments may go on.")] = False,
    as_runner: AsRunner = False,
) -> None:
    """List the versions that are held back after a rollback, or let them go."""
    from runners.cli.views.rollback_view import show_holds
    from runners.rollback.held_versions import held_versions
    from runners.wiring.chaos import ChaosAccess
    from runners.wiring.rollback import RollbackAccess

    access = RollbackAccess(ChaosAccess.open(*on.given), as_runner)
    holds = access.holds()
    found = list(holds.all()) if holds else []
    if release and holds:
        for held in found:
            holds.release(held)
    now = access.chaos.clock.now()
    document = held_versions(found, now, released=release)
    on.show(document, lambda terminal: show_holds(document, terminal))
