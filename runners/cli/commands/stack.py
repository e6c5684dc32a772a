"""`ial up`, `ial outputs` and `ial down`: apply a stack that the gate let through, read its outputs, take it down."""

from __future__ import annotations

from typing import Annotated

import typer

from preview.engines import Engine
from runners.cli.commands.options import (
    AsOf,
    Config,
    EngineChoice,
    Json,
    Program,
    Stack,
    Target,
    TargetDependents,
    targets_of,
)
from runners.cli.terminal import Terminal

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask; needed where nobody can answer.")]


def add_to(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command()(up)
    app.command()(outputs)
    app.command()(down)


def up(
    stack: Stack,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    config: Config = None,
    as_of: AsOf = None,
    target: Target = None,
    target_dependents: TargetDependents = False,
    release_hold: Annotated[
        bool, typer.Option("--release-hold", help="End what a rollback holds back, and let its version come again.")
    ] = False,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Judge a stack, show what becomes of what others own, and apply it if it is within budget.

    Refused or not judged, nothing is created, and the exit code is that of `ial preview`. Exit code 3 when the
    credentials are of another account, something of others stands against it, or it would bring a version back that was
    rolled back.
    """
    from preview.report.terminal import show_report
    from runners.cli.views.inspect_view import show_inspection
    from runners.gate.judging import Order
    from runners.wiring.applying import Shown, apply

    terminal = Terminal(json)
    order = Order.of(
        stack,
        program=program,
        config=config,
        as_of=as_of,
        engine=engine,
        targets=targets_of(target, dependents=target_dependents),
        say=terminal.say,
    )

    def consent(what: str) -> bool:
        return yes or _asked(what)

    shown = Shown(
        report=lambda report: show_report(report, terminal.console),
        inspection=lambda inspection: show_inspection(inspection, terminal),
    )
    result = apply(order, consent, shown=None if json else shown, release_hold=release_hold)
    if json:
        terminal.document(result.document())
    elif result.applied is None:
        terminal.say(f"ial: nothing was created: {result.reason}")
    else:
        for line in result.applied.summary():
            terminal.line(line)
    raise typer.Exit(result.exit_code)


def outputs(stack: Stack, program: Program = None, engine: EngineChoice = Engine.AUTO, json: Json = False) -> None:
    """Show what the applied stack tells runners."""
    from runners.cli.views.outputs_view import show_outputs
    from runners.stack.stack_outputs import read_outputs

    terminal = Terminal(json)
    document, parsed = read_outputs(stack, program, engine, terminal.say)
    if json:
        terminal.document(document)
    else:
        show_outputs(parsed, terminal)


def down(
    stack: Stack,
    program: Program = None,
    delete_data: Annotated[
        str | None, typer.Option("--delete-data", metavar="STACK", help="Delete what holds data as well, for good.")
    ] = None,
    engine: EngineChoice = Engine.AUTO,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Delete what `ial up` created, and list what stays because it holds data.

    With --delete-data STACK, which repeats the stack's name and is not asked about again, that is deleted too. Exit
    code 7: something of it could not be; repeat the command.
    """
    from runners.wiring.taking_down import Ending, take_down

    terminal = Terminal(json)
    ending = Ending.of(stack, program=program, engine=engine, delete_data=delete_data, say=terminal.say)
    result = take_down(ending, lambda what: yes or _asked(what))
    if json:
        terminal.document(result.document())
    else:
        for line in result.summary():
            terminal.line(line)
    raise typer.Exit(result.exit_code)


def _asked(what: str) -> bool:
    import sys

    from runners.errors import InputError

    if not sys.stdin.isatty():
        msg = f"{what} needs a yes and nobody can be asked here; give --yes"
        raise InputError(msg)
    return typer.confirm(f"{what}?", err=True)
