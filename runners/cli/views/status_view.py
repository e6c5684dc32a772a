"""The state of the backups for people: one line a resource, and below it only what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from runners.backup.status import Protection, Status
    from runners.cli.terminal import Terminal

_STYLES: Final = {"protected": "green", "unprotected": "bold red", "unknown": "bold yellow"}


def show_status(status: Status, terminal: Terminal) -> None:
    """The table, the faults, and the budget."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("resource", "kind", "state", "recovery point", "last drill", "recovery time"):
        table.add_column(title, header_style="dim")
    for held in status.protections:
        table.add_row(
            held.name,
            str(held.kind),
            Text(held.state, style=_STYLES[held.state]),
            "unknown" if held.rpo_seconds is None else f"{held.rpo_seconds:.0f} s behind",
            _drill(status, held),
            "unknown"
            if held.last_drill is None or held.last_drill.rto_seconds is None
            else f"{held.last_drill.rto_seconds:.1f} s",
        )
    terminal.console.print(table)
    for held in status.protections:
        for fault in _faults(held):
            terminal.line(f"{held.name}: {fault}", "bold red")
    terminal.line(f"restore drills this month: {status.spent_usd:.4f} of {status.budget_usd:.2f} USD taken", "dim")


def _drill(status: Status, held: Protection) -> Text:
    drill = held.last_drill
    if drill is None:
        return Text("never", style="yellow")
    age = (status.now - drill.started).days
    shown = f"{drill.verdict}, {age} days ago" if age else f"{drill.verdict}, today"
    return Text(shown, style="yellow" if status.overdue(held) else "green")


def _faults(held: Protection) -> list[str]:
    if held.unreadable is not None:
        return [f"could not be looked at: {held.unreadable}"]
    return [
        f"{check.name} is {check.observed}, expected {check.expected}" + (f"; {check.detail}" if check.detail else "")
        for check in held.checks
        if not check.ok
    ]
