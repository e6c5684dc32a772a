"""Copies of the configuration for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from runners.backup.configuration.configuration import Copied, Verified
    from runners.cli.terminal import Terminal


def show_copied(copied: Copied, terminal: Terminal) -> None:
    """What was copied, and where it is."""
    style = "bold yellow" if copied.gaps else "bold green"
    terminal.line(f"copied {len(copied.files)} files to s3://{copied.bucket}/{copied.prefix}", style)
    for name, (size, _) in sorted(copied.files.items()):
        terminal.line(f"  {name}  {size} bytes")
    for name, reason in sorted(copied.gaps.items()):
        terminal.line(f"  MISSING: {name}: {reason}", "bold red")


def show_verified(found: Verified, terminal: Terminal) -> None:
    """What could be read back."""
    good = sum(check.ok is True for check in found.checks)
    style = "bold green" if good == len(found.checks) else "bold red"
    terminal.line(f"copy of {found.copy.taken}: {good} of {len(found.checks)} checks passed", style)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for check in found.checks:
        mark = Text("yes", style="green") if check.ok else Text("NO", style="bold red")
        table.add_row("", Text(check.name), mark, Text(check.observed), Text(check.detail))
    terminal.console.print(table)
