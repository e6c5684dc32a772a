"""An inspection for people: one line a setting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from runners.inspection import Inspection
    from runners.terminal import Terminal

_TITLES: Final = ("resource", "setting", "there is", "wanted", "up", "then", "why")
_STYLES: Final = {"set": "yellow", "merge": "yellow", "refuse": "bold red", "unknown": "yellow"}
_GAP: Final = 2


def show_inspection(found: Inspection, terminal: Terminal) -> None:
    """Who signs, the settings of others, and names that are taken."""
    terminal.line(f"account {found.identity.account}, region {found.region}, signed by {found.identity.arn}")
    rows = [
        (held.resource, held.setting, held.found, held.wanted, held.decision, held.result, held.why)
        for held in found.settings
    ]
    if rows:
        terminal.line("settings of resources that others own:")
        widths = [max(len(row[column]) for row in (_TITLES, *rows)) for column in range(len(_TITLES))]
        for row in (_TITLES, *rows):
            text = "".join(part.ljust(width + _GAP) for part, width in zip(row, widths, strict=True))
            terminal.line(f"  {text.rstrip()}", "dim" if row is _TITLES else _STYLES.get(row[4], ""))
    for name in found.taken:
        terminal.line(f"taken: {name} exists and is not of this stack; an update would overwrite it", "bold red")
    if not rows and not found.taken:
        terminal.line("nothing that others own would be touched")
