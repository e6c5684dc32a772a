"""`ial local`: the AWS on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from runners.cli.commands.options import Json, Program
from runners.cli.terminal import Terminal
from runners.exit_codes import ExitCode

if TYPE_CHECKING:
    from runners.stack.local_cloud import CloudStatus

group = typer.Typer(help="Start and stop an AWS on this machine.", no_args_is_help=True, rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Adds the group to the command line."""
    app.add_typer(group, name="local")


@group.command()
def start(program: Program = None, json: Json = False) -> None:
    """Start the local cloud, with the example workload."""
    from runners.stack.local_cloud import start_cloud
    from runners.stack.locations import program_folder

    terminal = Terminal(json)
    _show(start_cloud(program_folder(program)), terminal)


@group.command()
def stop(program: Program = None, json: Json = False) -> None:
    """Stop the local cloud of the folder, half-started ones too, and forget what is in it."""
    from runners.stack.local_cloud import stop_cloud
    from runners.stack.locations import program_folder

    terminal = Terminal(json)
    document = stop_cloud(program_folder(program))
    if json:
        terminal.document(document.document())
    else:
        terminal.line("the local cloud is stopped, and what was in it is gone")


@group.command()
def status(program: Program = None, json: Json = False) -> None:
    """Say whether the local cloud runs, where, and what is in it; exit code 1 if it does not run."""
    from runners.stack.local_cloud import cloud_status
    from runners.stack.locations import program_folder

    terminal = Terminal(json)
    document = cloud_status(program_folder(program))
    _show(document, terminal)
    if not document.running:
        raise typer.Exit(ExitCode.REFUSED)


def _show(document: CloudStatus, terminal: Terminal) -> None:
    if terminal.as_json:
        terminal.document(document.document())
        return
    if not document.running:
        busy = document.busy
        told = f"{busy} is under way" if busy else "start it with `ial local start`"
        terminal.line(f"the local cloud is not running; {told}")
        return
    terminal.line(f"the local cloud runs at {document.endpoint} (process {document.pid})")
    for name in document.stacks:
        terminal.line(f"  stack {name} is applied")
