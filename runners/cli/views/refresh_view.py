"""What a refresh of the price book found, for people and as a document."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypedDict

from rich.table import Table
from rich.text import Text

from runners.prices.price_refresh import Outcome, Refreshed, shown

if TYPE_CHECKING:
    from runners.cli.terminal import Terminal

VERSION = 1


class RowDocument(TypedDict):
    """One row of the book against the list; prices as tiers on one line, null where there is none."""

    key: str
    region: str
    unit: str
    outcome: str
    before: str | None
    after: str | None
    published: str | None
    note: str


class RefreshDocument(TypedDict):
    """The answer of `ial cost refresh-prices`."""

    version: int
    counts: dict[str, int]
    rows: list[RowDocument]


def refresh_document(found: list[Refreshed]) -> RefreshDocument:
    """All rows, in the book's order."""
    counts = Counter(entry.outcome.value for entry in found)
    return RefreshDocument(
        version=VERSION,
        counts={outcome.value: counts[outcome.value] for outcome in Outcome},
        rows=[
            RowDocument(
                key=entry.key,
                region=entry.region,
                unit=entry.unit,
                outcome=entry.outcome.value,
                before=shown(entry.before) if entry.before else None,
                after=shown(entry.after) if entry.after else None,
                published=entry.published.isoformat() if entry.published else None,
                note=entry.note,
            )
            for entry in found
        ],
    )


def show_refresh(found: list[Refreshed], terminal: Terminal) -> None:
    """The rows that are not the same, then how many there are of each outcome."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("key", "outcome", "book", "list", "note"):
        table.add_column(title, overflow="fold")
    for entry in found:
        if entry.outcome is not Outcome.SAME:
            table.add_row(
                entry.key, entry.outcome.value, shown(entry.before), shown(entry.after), Text(entry.note or entry.unit)
            )
    if table.row_count:
        terminal.console.print(table)
    counts = Counter(entry.outcome.value for entry in found)
    terminal.line(", ".join(f"{counts[outcome.value]} {outcome.value}" for outcome in Outcome), "bold")
