"""Usage keys for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from runners.cli.terminal import Terminal
    from runners.gate.usage_keys import TypeDocument


def show_types(types: Sequence[TypeDocument], terminal: Terminal) -> None:
    """One line for each type: how it is billed, and the names of its usage keys."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("type", "billed", "usage keys"):
        table.add_column(title, overflow="fold")
    for entry in types:
        keys = ", ".join(key.name for key in entry.usage) or entry.why
        table.add_row(entry.type, entry.classification, Text(keys))
    terminal.console.print(table)
    terminal.line(f"{len(types)} types; any other is refused", "dim")


def show_type(entry: TypeDocument, terminal: Terminal) -> None:
    """One type with the unit, the default and the meaning of each of its usage keys."""
    terminal.line(f"{entry.type}: {entry.classification}", "bold")
    if entry.why:
        terminal.line(f"  {entry.why} ({entry.source})")
    if not entry.usage:
        terminal.line("  no usage to declare")
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("key", "unit", "default", "meaning"):
        table.add_column(title, overflow="fold")
    for key in entry.usage:
        table.add_row(key.name, Text(key.unit), key.default or "must be declared", Text(key.meaning))
    terminal.console.print(table)
