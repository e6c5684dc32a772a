"""`ial report`: what a stack's runs showed, as a page for people. It reads, and changes nothing in the stack."""

from pathlib import Path
from typing import Annotated

import typer

from runners.cli.commands.analysis import WEEKS, AsReader, Estimate, Since, begin_of
from runners.cli.commands.on_stack import OnStack, on_stack


def add_to(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command("report")(report)


@on_stack
def report(
    on: OnStack,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder that it is written to.")] = Path("report"),
    since: Since = None,
    estimate: Estimate = None,
    traces: Annotated[bool, typer.Option("--traces", help="Ask X-Ray who called whom in the last six hours.")] = False,
    as_reader: AsReader = False,
) -> None:
    """Write what the runs show as one page that asks nobody, as Markdown, and as JSON.

    Score, goals, what to do, trends, alarms, cost, services, each run and each drill. Exit code 0.
    """
    from msgspec import to_builtins

    from runners.wiring.analysis import AnalysisAccess
    from runners.wiring.report import stack_report, write_report

    access = AnalysisAccess.open(*on.given, assume="reader" if as_reader else None)
    found = stack_report(access, begin_of(since, access.now - WEEKS), estimate, traces=traces)
    written = write_report(found, out)
    if on.terminal.as_json:
        on.terminal.document(to_builtins(found))
        return
    for line in (*found.analysis.said, *found.notes):
        on.terminal.line(line)
    for path in written:
        on.terminal.say(f"written: {path}")
