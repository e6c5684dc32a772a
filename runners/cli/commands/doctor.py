"""`ial doctor`: is this machine ready?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from preview.engines import Engine
from runners.cli.commands.options import AsOf, EngineChoice, Json, Program
from runners.cli.terminal import Terminal
from runners.exit_codes import ExitCode

if TYPE_CHECKING:
    from runners.cli.health import Finding

VERSION = 1
_STYLES = {"ok": "green", "note": "yellow", "bad": "bold red"}


def add_to(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(doctor)


def doctor(
    stack: Annotated[str | None, typer.Option("--stack", "-s", help="Ask AWS too who signs for this stack.")] = None,
    program: Program = None,
    engine: EngineChoice = Engine.AUTO,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Check that this machine is ready; exit code 1 if not.

    With --stack also who signs for it, by which profile and roles, for which region, and whether the account is its.
    """
    from runners.cli.health import Health, examine
    from runners.stack.locations import judged_on

    findings = examine(judged_on(as_of))
    if stack is not None:
        from preview.engines import chosen
        from runners.cli.stack_health import examine_stack
        from runners.stack.locations import program_folder

        findings += examine_stack(stack, program_folder(program), chosen(engine, Terminal(json).say))
    healthy = all(finding.health is not Health.BAD for finding in findings)
    terminal = Terminal(json)
    if json:
        terminal.document(_document(findings, healthy))
    else:
        _show(findings, terminal)
        terminal.line("ready" if healthy else "not ready", _STYLES["ok" if healthy else "bad"])
    raise typer.Exit(ExitCode.OK if healthy else ExitCode.REFUSED)


def _document(findings: list[Finding], healthy: bool) -> dict[str, Any]:
    checks = [
        {"check": entry.check, "health": entry.health.value, "found": entry.found, "remedy": entry.remedy}
        for entry in findings
    ]
    return {"version": VERSION, "healthy": healthy, "checks": checks}


def _show(findings: list[Finding], terminal: Terminal) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("check", "", "found", "what to do"):
        table.add_column(title, overflow="fold")
    for entry in findings:
        mark = Text(entry.health.value, style=_STYLES[entry.health.value])
        table.add_row(entry.check, mark, Text(entry.found), Text(entry.remedy))
    terminal.console.print(table)
