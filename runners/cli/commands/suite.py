"""`ial suite`: experiments, drills and control runs in their order, planned first, gone on with after a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from preview.engines import Engine
from runners.cli.commands.chaos import AsRunner, Rehearsed
from runners.cli.commands.options import EngineChoice, Json, Probe, Program, Stack
from runners.cli.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from runners.suites.planning import PlannedSuite
    from runners.suites.suite_record import SuiteRecord
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
def list_suites(stack: Stack, program: Program = None, engine: EngineChoice = Engine.AUTO, json: Json = False) -> None:
    """List the stack's suites."""
    from runners.cli.views.suites_view import listed, show_suites
    from runners.stack.stack_outputs import chaos_part, read_outputs

    terminal = Terminal(json)
    _, outputs = read_outputs(stack, program, engine, terminal.say)
    chaos = chaos_part(outputs)
    if json:
        terminal.document(listed(chaos.suites, chaos.state_machines))
    else:
        show_suites(chaos.suites, chaos.state_machines, terminal)


@group.command()
def plan(
    name: Name,
    stack: Stack,
    probe: Probe = None,
    as_runner: AsRunner = False,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    json: Json = False,
) -> None:
    """Show what a suite would run here, what that costs at most, and what stands against it. Changes nothing.

    Exit code 3 when something does.
    """
    from runners.cli.views.suites_view import show_plan

    terminal = Terminal(json)
    with _opened(stack, program, engine, terminal, probe=probe, as_runner=as_runner) as access:
        document = access.planned(name).document(stack)
    terminal.document(document) if json else show_plan(document, terminal)
    raise typer.Exit(3 if document["refused"] else 0)


@group.command()
def run(
    name: Name,
    stack: Stack,
    confirm: Annotated[
        str | None, typer.Option("--confirm", metavar="STACK", help="Do it; without it the plan is shown.")
    ] = None,
    within: Within = None,
    probe: Probe = None,
    rehearsal: Rehearsed = None,
    as_runner: AsRunner = False,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    json: Json = False,
) -> None:
    """Run a suite: its steps in their order, each with its own record; with --confirm STACK, else the plan is shown.

    Exit code of the step that needs somebody most: 7, 130, 6, 4, 1, 5, 3, 0. 5 too when a step was skipped, and 3
    when it was only planned.
    """
    terminal = Terminal(json)
    _require_of(confirm, stack)
    with _opened(
        stack,
        program,
        engine,
        terminal,
        probe=probe,
        as_runner=as_runner,
        rehearsal=rehearsal,
        confirm=confirm,
        within=within,
    ) as access:
        planned = access.planned(name)
        if confirm is None:
            _only_planned(planned, stack, terminal, json)
        record = access.life_cycle().run(planned)
    _end(record, terminal, json)


@group.command()
def resume(
    run: Annotated[str, typer.Argument(help="Name of the suite's run that was cut off.", metavar="RUN")],
    stack: Stack,
    within: Within = None,
    probe: Probe = None,
    as_runner: AsRunner = False,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    json: Json = False,
) -> None:
    """Go on with the first step that is not done. A fault is never injected a second time."""
    terminal = Terminal(json)
    with _opened(
        stack, program, engine, terminal, probe=probe, as_runner=as_runner, confirm=stack, within=within
    ) as access:
        access.runs.require(run)
        record = access.life_cycle().resume(run)
    _end(record, terminal, json)


@group.command()
def history(stack: Stack, program: Program = None, engine: EngineChoice = Engine.AUTO, json: Json = False) -> None:
    """List the suites that this month's records and this machine's journals know."""
    from runners.cli.views.suites_view import show_history
    from runners.suites.history import history_of
    from runners.wiring.chaos import ChaosAccess

    terminal = Terminal(json)
    access = ChaosAccess.open(stack, program, engine, terminal.say)
    found = history_of(access.runs, access.access.records, access.clock, terminal.say)
    terminal.document(found) if json else show_history(found, stack, terminal)


def _opened(
    stack: str,
    program: Path | None,
    engine: Engine,
    terminal: Terminal,
    *,
    probe: str | None,
    as_runner: bool,
    rehearsal: list[str] | None = None,
    confirm: str | None = None,
    within: int | None = None,
) -> AbstractContextManager[SuiteAccess]:
    """One stack's suites; with a confirmation, alone with the local cloud's time."""
    from contextlib import contextmanager
    from datetime import timedelta

    from runners.wiring.backup import Access
    from runners.wiring.chaos import ChaosAccess
    from runners.wiring.drills import DrillPlan
    from runners.wiring.suites import SuiteAccess

    @contextmanager
    def opened() -> Iterator[SuiteAccess]:
        role, drill = ("runner", "drill") if as_runner else (None, None)
        with ChaosAccess.open(
            stack, program, engine, terminal.say, assume=role, rehearsal=rehearsal, alone=confirm is not None
        ) as access:
            drilling = Access.open(stack, program, engine, terminal.say, assume=drill)
            until = None if within is None else access.clock.now() + timedelta(minutes=within)
            yield SuiteAccess(access, DrillPlan(drilling, probe), confirm, as_runner, until)

    return opened()


def _require_of(confirm: str | None, stack: str) -> None:
    from runners.errors import InputError

    if confirm not in (None, stack):
        msg = f"--confirm {confirm}: this would run on stack {stack}; nothing was done"
        raise InputError(msg)


def _only_planned(planned: PlannedSuite, stack: str, terminal: Terminal, json: bool) -> NoReturn:
    from runners.cli.views.suites_view import show_plan

    document = planned.document(stack)
    terminal.document(document) if json else show_plan(document, terminal)
    terminal.say(f"only planned; give --confirm {stack}")
    raise typer.Exit(3)


def _end(record: SuiteRecord, terminal: Terminal, json: bool) -> None:
    from runners.cli.views.suites_view import show_record

    terminal.document(record.document()) if json else show_record(record, terminal)
    raise typer.Exit(record.exit_code)
