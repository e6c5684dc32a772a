"""`ial fleet`: the state machines of many stacks, and one report of them all."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from preview.engines import Engine, chosen
from runners.cli.commands.analysis import Since, begin_of
from runners.cli.commands.options import EngineChoice, Json, Program
from runners.cli.terminal import Terminal

group = typer.Typer(help="Suites of many stacks.", no_args_is_help=True, rich_markup_mode=None)
WEEKS = timedelta(weeks=8)
File = Annotated[Path, typer.Argument(help="The fleet's file, see docs/fleets.md.", metavar="FILE")]


def add_to(app: typer.Typer) -> None:
    """Adds the group to the command line."""
    app.add_typer(group, name="fleet")


@group.command()
def plan(file: File, json: Json = False) -> None:
    """Show the fleet's state machines: one for each Region, how many stacks at once, and what they cost.

    Exit code 1 when they cost more in a month than the file's `limitUsd`, 2 when it has one and a price is not known.
    """
    from msgspec import to_builtins

    from runners.cli.views.fleet_view import show_plan
    from runners.fleet.fleet_file import read_fleet
    from runners.fleet.fleet_plan import require_within_limit
    from runners.wiring.fleet import planned

    terminal = Terminal(json)
    found = planned(read_fleet(file))
    terminal.document(to_builtins(found)) if json else show_plan(found, terminal)
    require_within_limit(found)


@group.command()
def write(
    file: File,
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Where the files go; it is made if needed.")],
) -> None:
    """Write definition and policy of each of the fleet's state machines, for whoever makes them. Calls no AWS.

    Nothing is written of a fleet that is over its limit, or whose limit cannot be judged: exit codes as of `plan`.
    """
    from json import dumps

    from contract.writing.files import write_whole
    from runners.fleet.fleet_file import read_fleet
    from runners.fleet.fleet_machine import by_region, definition, permissions
    from runners.fleet.fleet_plan import machine_name, require_within_limit
    from runners.wiring.fleet import planned

    terminal, fleet = Terminal(), read_fleet(file)
    require_within_limit(planned(fleet))
    to.mkdir(parents=True, exist_ok=True)
    for region in by_region(fleet):
        name = machine_name(fleet)
        made = {"asl": definition(fleet, region), "policy": permissions(fleet, region, name)}
        for kind, document in made.items():
            path = to / f"{name}.{region}.{kind}.json"
            write_whole(path, (dumps(document, indent=2) + "\n").encode())
            terminal.line(str(path))


@group.command()
def report(
    file: File,
    since: Since = None,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    json: Json = False,
) -> None:
    """Say what came of the runs of all stacks together. They are read, each in its own account.

    Exit code 1 when the records of one could not be read.
    """
    from msgspec import to_builtins

    from runners.cli.views.fleet_view import show_report
    from runners.exit_codes import ExitCode
    from runners.fleet.fleet_file import read_fleet
    from runners.fleet.fleet_report import fleet_report
    from runners.runs.clock import SystemClock
    from runners.wiring.fleet import FleetAccess
    from runners.wiring.opening import local_endpoint

    terminal, fleet, now = Terminal(json), read_fleet(file), SystemClock().now()
    folder = program or Path()
    access = FleetAccess(fleet, folder, terminal.say, local_endpoint(chosen(engine, terminal.say), folder))
    begin = begin_of(since, now - WEEKS)
    found = fleet_report(fleet, begin, access.summaries(begin, now))
    terminal.document(to_builtins(found)) if json else show_report(found, terminal)
    raise typer.Exit(ExitCode.REFUSED if found.unread else ExitCode.OK)
