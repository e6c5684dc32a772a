"""`ial suite`: experiments, drills and control runs in their order, planned first, gone on with after a crash."""

from typing import TYPE_CHECKING, Annotated

import typer

from runners.cli.commands.chaos import AsRunner, Rehearsed
from runners.cli.commands.on_stack import OnStack, on_stack
from runners.cli.commands.options import DoIt, Probe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from runners.wiring.suites import SuiteAccess

group = typer.Typer(help="Suites of experiments and drills.", no_args_is_help=True, rich_markup_mode=None)

Name = Annotated[str, typer.Argument(help="Name of the suite.", metavar="NAME")]
Within = Annotated[
    int | None,
    typer.Option("--within", metavar="MINUTES", min=1, help="Begin nothing that might not be over by then."),
]


def add_to(app: typer.Typer) -> None:
    """Adds the group to the command line."""
    app.add_typer(group, name="suite")


@group.command("list")
@on_stack
def list_suites(on: OnStack) -> None:
    """List the stack's suites."""
    from runners.cli.views.suites_view import show_suites
    from runners.stack.stack_outputs import chaos_part, read_outputs
    from runners.suites.suite_list import listed

    _, outputs = read_outputs(*on.given)
    chaos = chaos_part(outputs)
    document = listed(chaos.suites, chaos.state_machines)
    on.show(document, lambda terminal: show_suites(chaos.suites, chaos.state_machines, terminal))


@group.command()
@on_stack
def plan(
    on: OnStack,
    name: Name,
    probe: Probe = None,
    as_runner: AsRunner = False,
) -> None:
    """Show what a suite would run here, what that costs at most, and what stands against it. Changes nothing.

    Exit code 3 when something does.
    """
    from runners.cli.views.suites_view import show_plan

    with _opened(on, probe=probe, as_runner=as_runner) as access:
        document = access.planned(name).document(on.stack)
    on.show(document, lambda terminal: show_plan(document, terminal))
    raise typer.Exit(3 if document["refused"] else 0)


@group.command()
@on_stack
def run(
    on: OnStack,
    name: Name,
    confirm: DoIt = None,
    within: Within = None,
    probe: Probe = None,
    rehearsal: Rehearsed = None,
    as_runner: AsRunner = False,
) -> None:
    """Run a suite: its steps in their order, each with its own record; with --confirm STACK, else the plan is shown.

    Exit code of the step that needs somebody most: 7, 130, 6, 4, 1, 5, 3, 0. 5 too when a step was skipped, and 3
    when it was only planned.
    """
    from runners.cli.views.suites_view import show_plan, show_record
    from runners.errors import InputError

    if confirm not in (None, on.stack):
        msg = f"--confirm {confirm}: this would run on stack {on.stack}; nothing was done"
        raise InputError(msg)
    with _opened(on, probe=probe, as_runner=as_runner, rehearsal=rehearsal, confirm=confirm, within=within) as access:
        planned = access.planned(name)
        if confirm is None:
            document = planned.document(on.stack)
            on.show(document, lambda terminal: show_plan(document, terminal))
            on.terminal.say(f"only planned; give --confirm {on.stack}")
            raise typer.Exit(3)
        record = access.life_cycle().run(planned)
    on.end(record, show_record)


@group.command()
@on_stack
def resume(
    on: OnStack,
    run: Annotated[str, typer.Argument(help="Name of the suite's run that was cut off.", metavar="RUN")],
    within: Within = None,
    probe: Probe = None,
    as_runner: AsRunner = False,
) -> None:
    """Go on with the first step that is not done. A fault is never injected a second time."""
    from runners.cli.views.suites_view import show_record

    with _opened(on, probe=probe, as_runner=as_runner, confirm=on.stack, within=within) as access:
        access.runs.require(run)
        record = access.life_cycle().resume(run)
    on.end(record, show_record)


@group.command()
@on_stack
def history(on: OnStack) -> None:
    """List the suites that this month's records and this machine's journals know."""
    from runners.cli.views.suites_view import show_history
    from runners.suites.history import history_of
    from runners.wiring.chaos import ChaosAccess

    access = ChaosAccess.open(*on.given)
    found = history_of(access.runs, access.access.records, access.clock, on.terminal.say)
    on.show(found, lambda terminal: show_history(found, on.stack, terminal))


def _opened(
    on: OnStack,
    *,
    probe: str | None,
    as_runner: bool,
    rehearsal: list[str] | None = None,
    confirm: str | None = None,
    within: int | None = None,
) -> "AbstractContextManager[SuiteAccess]":
    """One stack's suites; with a confirmation, alone with the local cloud's time."""
    from contextlib import contextmanager
    from datetime import timedelta

    from runners.wiring.chaos import ChaosAccess
    from runners.wiring.drills import DrillPlan
    from runners.wiring.suites import SuiteAccess

    @contextmanager
    def opened() -> "Iterator[SuiteAccess]":
        role = "runner" if as_runner else None
        with ChaosAccess.open(*on.given, assume=role, rehearsal=rehearsal, alone=confirm is not None) as access:
            drilling = access.access.as_role("drill") if as_runner else access.access
            until = None if within is None else access.clock.now() + timedelta(minutes=within)
            yield SuiteAccess(access, DrillPlan(drilling, probe), confirm, as_runner, until)

    return opened()
