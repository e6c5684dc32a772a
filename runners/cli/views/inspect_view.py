"""An inspection for people: one line a setting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from runners.cli.terminal import Terminal
    from runners.wiring.inspection import Inspection

_TITLES: Final = ("resource", "setting", "there is", "wanted", "up", "then", "why")
_STYLES: Final = {"set": "yellow", "merge": "yellow", "refuse": "bold red", "unknown": "yellow"}
_GAP: Final = 2


def show_inspection(found: Inspection, terminal: Terminal) -> None:
    """Who signs, and what becomes of what others may have."""
    terminal.line(f"account {found.identity.account}, region {found.region}, signed by {found.identity.arn}")
    rows = [
        (held.resource, held.setting, held.found, held.wanted, held.decision, held.result, held.why)
        for held in found.settings
    ]
    if rows:
        terminal.line("what others own or may have:")
        widths = [max(len(row[column]) for row in (_TITLES, *rows)) for column in range(len(_TITLES))]
        for row in (_TITLES, *rows):
            text = "".join(part.ljust(width + _GAP) for part, width in zip(row, widths, strict=True))
            terminal.line(f"  {text.rstrip()}", "dim" if row is _TITLES else _STYLES.get(row[4], ""))
    else:
        terminal.line("nothing that others own would be touched")
