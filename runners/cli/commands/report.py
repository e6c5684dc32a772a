"""`ial report`: what a stack's runs showed, as a page for people. It reads, and changes nothing in the stack."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from preview.engines import Engine
from runners.cli.commands.analysis import WEEKS, AsReader, Estimate, Since, begin_of
from runners.cli.commands.options import EngineChoice, Json, Program, Stack
from runners.cli.terminal import Terminal


def add_to(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command("report")(report)


def report(
    stack: Stack,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder that it is written to.")] = Path("report"),
    since: Since = None,
    estimate: Estimate = None,
    traces: Annotated[bool, typer.Option("--traces", help="Ask X-Ray who called whom in the last six hours.")] = False,
    as_reader: AsReader = False,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    json: Json = False,
) -> None:
    """Write what the runs show as one page that asks nobody, as Markdown, and as JSON.

    Score, goals, what to do, trends, alarms, cost, services, each run and each drill. Exit code 0.
    """
    from msgspec import to_builtins

    from runners.wiring.analysis import AnalysisAccess
    from runners.wiring.report import stack_report, write_report

    terminal = Terminal(json)
    access = AnalysisAccess.open(stack, program, engine, terminal.say, assume="reader" if as_reader else None)
    found = stack_report(access, begin_of(since, access.now - WEEKS), estimate, traces=traces)
    written = write_report(found, out)
    if json:
        terminal.document(to_builtins(found))
        return
    for line in (*found.analysis.said, *found.notes):
        terminal.line(line)
    for path in written:
        terminal.say(f"written: {path}")
