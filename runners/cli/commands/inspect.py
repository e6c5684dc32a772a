"""`ial inspect`: what an update would do to what others own."""

from __future__ import annotations

import typer

from preview.engines import Engine
from runners.cli.commands.options import Config, EngineChoice, Json, Program, Stack
from runners.cli.terminal import Terminal


def add_to(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command("inspect")(inspect)


def inspect(
    stack: Stack,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    config: Config = None,
    json: Json = False,
) -> None:
    """Show what is there, what `ial up` would set, and what it leaves; read only.

    Exit code 3 when something stands against an update, or the credentials are of another account.
    """
    from preview.engines import chosen
    from runners.cli.views.inspect_view import show_inspection
    from runners.exit_codes import ExitCode
    from runners.stack.locations import program_folder
    from runners.wiring.inspection import inspect_stack

    terminal = Terminal(json)
    found = inspect_stack(stack, program_folder(program), chosen(engine, terminal.say), tuple(config or ()))
    terminal.document(found.document()) if json else show_inspection(found, terminal)
    raise typer.Exit(ExitCode.NOT_STARTED if found.obstacles else ExitCode.OK)
