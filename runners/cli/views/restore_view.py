"""Restores for people: what will happen, what has happened, and what is left for them to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from runners.backup.restore_result import Restored
    from runners.cli.terminal import Terminal


def show_restored(done: Restored, terminal: Terminal) -> None:
    """The plan, the checks, the next steps."""
    plan = done.plan
    style = {"planned": "bold", "restored": "bold green", "incomplete": "bold red"}[done.verdict]
    terminal.line(f"{done.verdict.upper()}  {plan.kind} {plan.source} as of {plan.at} to {plan.target}", style)
    for number, step in enumerate(plan.steps, 1):
        terminal.line(step if step.startswith("  ") else f"  {number}. {step}")
    for note in plan.notes:
        terminal.line(f"  note: {note}", "yellow")
    if done.run is None:
        cost = "costs an unknown amount" if plan.cost_usd is None else f"costs about {plan.cost_usd} USD"
        terminal.line(f"  {cost}; takes {plan.duration}", "dim")
        terminal.line(f"nothing was done; to do it: add --confirm {plan.stack}", "bold yellow")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for check in done.checks:
        mark = Text("yes", style="green") if check.ok else Text("NO", style="bold red")
        shown = check.observed if check.ok else f"{check.observed}, expected {check.expected}"
        table.add_row("", check.name, mark, Text(shown), Text(check.detail))
    terminal.console.print(table)
    for note in done.notes:
        terminal.line(f"  note: {note}", "yellow")
    for left in done.left:
        terminal.line(f"  left: {left}", "bold red")
    terminal.line("now it is up to you:", "bold")
    for number, step in enumerate(plan.afterwards, 1):
        terminal.line(f"  {number}. {step}")
