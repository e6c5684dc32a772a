"""A delta for people at a terminal."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from rich.console import Console
from rich.text import Text

from preview.report.amounts import shown, shown_change, shown_growth, shown_hourly
from preview.report.text import one_line
from pricing.delta_report import ChangeDocument, DeltaDocument

_MARKS: Final = {
    "added": ("+", "red"),
    "removed": ("-", "green"),
    "changed": ("~", "yellow"),
    "replaced": ("±", "yellow"),
}


def show_delta(delta: DeltaDocument, console: Console) -> None:
    """Prints the sum of the change, then one line for each resource that costs a different amount."""
    growth = shown_growth(delta["changePercent"])
    head = f"Change: {shown_change(delta['change'])} a month{growth} against {one_line(delta['source'])}"
    console.print(Text(head, style="bold"))
    console.print(
        Text(
            f"  {shown(delta['monthlyCostBefore'])} before, {shown(delta['monthlyCostAfter'])} after, "
            f"at most {shown_change(delta['changeMaximum'])}"
        )
    )
    lists = {
        "added": delta["added"],
        "removed": delta["removed"],
        "changed": delta["changed"],
        "replaced": delta["replaced"],
    }
    for kind, entries in lists.items():
        for entry in entries:
            if counts(kind, entry):
                console.print(_line(kind, entry))
    if free := sum(not counts(kind, entry) for kind, entries in lists.items() for entry in entries):
        console.print(Text(f"  {free} added or removed that cost nothing", style="dim"))
    same = delta["unchanged"]
    console.print(Text(f"  {same['count']} unchanged, {shown(same['monthlyCost'])}", style="dim"))
    for note in delta["notes"]:
        console.print(Text(f"  note: {one_line(note, 600)}", style="dim"))


def counts(kind: str, entry: ChangeDocument) -> bool:
    """Whether people want to see the change: additions and removals that cost nothing are only counted."""
    amounts = (entry["monthlyCostBeforeMaximum"], entry["monthlyCostAfterMaximum"])
    return kind not in ("added", "removed") or any(Decimal(amount) for amount in amounts)


def _line(kind: str, entry: ChangeDocument) -> Text:
    mark, style = _MARKS[kind]
    amounts = f"{shown_change(entry['change'])}"
    if kind in ("changed", "replaced"):
        amounts += f" ({shown(entry['monthlyCostBefore'])} -> {shown(entry['monthlyCostAfter'])})"
    text = Text(f"  {mark} ", style=style)
    text.append(f"{one_line(entry['name'])} ({one_line(entry['type'])}) {amounts}", style="default")
    causes = list(entry["causes"])
    if kind == "replaced":
        causes.append(f"replaced: both copies exist for a while, at {shown_hourly(entry['overlapPerHour'])} an hour")
    return text.append(f": {one_line('; '.join(causes), 600)}", style="dim") if causes else text
