"""Leftovers for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runners.backup.reap import Reaped
    from runners.cli.terminal import Terminal


def show_reaped(found: Reaped, terminal: Terminal) -> None:
    """A line a leftover, and what to do."""
    for held in found.leftovers:
        hours = held.age.total_seconds() / 3600
        what = {True: "removed", False: "NOT removed", None: "kept"}[held.removed]
        why = f": {held.why}" if held.why else ""
        style = "bold red" if held.removed is False else "green" if held.removed else ""
        terminal.line(f"{what}  {held.kind} {held.name}, {hours:.1f} h old{why}", style)
    if not found.leftovers:
        terminal.line("nothing is left of any drill", "green")
    elif any(held.removed is None and not held.why for held in found.leftovers):
        terminal.say("nothing was removed; give --yes")
