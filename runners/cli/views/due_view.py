"""What is due, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.table import Table
from rich.text import Text

from runners.cli.terminal import Terminal
from runners.runs.clock import rfc3339
from runners.schedules.due import Due, Standing

if TYPE_CHECKING:
    from runners.wiring.due import DueRun

_STYLES: Final = {Standing.DUE: "bold yellow", Standing.GIVEN_UP: "bold red", Standing.UNREADABLE: "bold red"}


def show_due(found: Due, terminal: Terminal) -> None:
    """A line for each planned thing, what is due first."""
    if found.stands:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for name in ("planned", "schedule", "now", "since", "next"):
            table.add_column(name, overflow="fold")
        for stand in found.stands:
            standing = Text(str(stand.standing), style=_STYLES.get(stand.standing, ""))
            since = rfc3339(stand.planned) if stand.planned and stand.late(found.now) else ""
            following = rfc3339(stand.following) if stand.following else "never"
            schedule = f"{stand.item.schedule} {stand.item.timezone}"
            table.add_row(stand.item.key, schedule, standing, since, following)
        terminal.console.print(table)
    for stand in found.stands:
        if stand.reason:
            terminal.line(f"  {stand.item.key}: {stand.reason}")
    for other in found.others:
        terminal.line(f"  {other.name}: {other.reason}")
    for stand in found.missed:
        terminal.line(f"MISSED {stand.item.key}", "bold red")
    terminal.line("nothing is due" if found.first is None else f"due: {found.first.item.key}", "bold")


def show_due_run(done: DueRun, terminal: Terminal) -> None:
    """What was started, and its verdict; the record is in the stack's table, and with `--json` on stdout."""
    show_due(done.due, terminal)
    if done.record is None:
        return
    told = done.record.get("verdict") or ", ".join(str(held["verdict"]) for held in done.record.get("records", ()))
    terminal.line(f"ran: {told} (exit code {int(done.exit_code)})", "bold green" if not done.exit_code else "bold red")
    for reason in done.record.get("reasons", ()):
        terminal.line(f"  {reason}")
