"""Copies for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from runners.backup.copies import CopiesResult
    from runners.backup.copy_checks import CopiesCheck
    from runners.cli.terminal import Terminal


def show_copies(result: CopiesResult, terminal: Terminal) -> None:
    """A line a job."""
    for resource, job in result.jobs.items():
        good = job.state == "COMPLETED"
        size = "" if job.size is None else f", {job.size} bytes"
        message = f": {job.message}" if job.message else ""
        terminal.line(f"{job.state}  {resource}{size}{message}", "green" if good else "bold red")
    for left in result.left:
        terminal.line(f"left: {left}", "bold red")
    terminal.line(f"run {result.run}", "dim")


def show_checks(found: CopiesCheck, terminal: Terminal) -> None:
    """A line a check."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for resource, checks in found.checks.items():
        for check in checks:
            mark = Text("yes", style="green") if check.ok else Text("NO", style="bold red")
            shown = check.observed if check.ok else f"{check.observed}, expected {check.expected}"
            table.add_row(resource, check.name, mark, Text(shown))
    terminal.console.print(table)
