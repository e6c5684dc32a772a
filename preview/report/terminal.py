"""The report for people at a terminal, wide or narrow: the verdict comes first and last."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from preview.gate import Status
from preview.report.amounts import shown, shown_judged, shown_share
from preview.report.delta_view import show_delta
from preview.report.document import open_problems
from preview.report.model import MANDATORY, FindingDocument, PreviewReport, ShareDocument
from preview.report.provenance import declared, free_tier_left
from preview.report.text import one_line

NARROW: Final = 72
_BAR: Final = 20
_STYLES: Final = {
    Status.WITHIN.value: "bold green",
    Status.REFUSED.value: "bold red",
    Status.COULD_NOT_JUDGE.value: "bold yellow",
}


def show_report(report: PreviewReport, console: Console) -> None:
    """Prints the report; colour and bars only where the console is a terminal."""
    verdict = Text(one_line(report["headline"], 600), style=_STYLES.get(report["verdict"], "bold"))
    console.print(verdict)
    console.print(Text(_occasion(report), style="dim"))
    if report["changes"]:
        console.print(Text(_changes(report["changes"]), style="dim"))
    if report["estimate"] is not None:
        console.print()
        console.print(_table(report, console))
        console.print(Text(_amounts(report), style="dim"))
    if report["delta"] is not None:
        console.print()
        show_delta(report["delta"], console)
    _show_problems(report, console)
    _show_findings(report, console)
    for waiver in report["waivers"]:
        line = f"waiver {waiver['id']} ({waiver['policy']}, {waiver['owner']}, until {waiver['expires']})"
        console.print(Text(one_line(f"{line}: {waiver['reason']}", 600)))
    for entry in report["estimate"]["declarations"] if report["estimate"] else ():
        console.print(Text(one_line(declared(entry), 600)))
    for note in (*(report["estimate"]["warnings"] if report["estimate"] else ()), *report["notes"]):
        console.print(Text(f"note: {one_line(note, 600)}", style="dim"))
    console.print()
    console.print(verdict)


def _occasion(report: PreviewReport) -> str:
    stage = "" if report["stage"] is None else f", stage {report['stage']}"
    commit = "" if report["commit"] is None else f", commit {report['commit'][:12]}"
    origin = f"engine {report['engine']}, prices as of {report['asOf']}, run {report['runId']}"
    return one_line(f"stack {report['stack']}{stage}{commit}, {origin}")


def _changes(changes: Mapping[str, int]) -> str:
    """How many resources come, change and go; what stays the same comes last."""
    words = {**{step: f"to {step}" for step in changes}, "same": "unchanged", "undecided": "perhaps to update"}
    said = [f"{count} {words[step]}" for step, count in sorted(changes.items(), key=lambda e: e[0] == "same") if count]
    return one_line(f"resources: {', '.join(said) or 'none'}")


def _table(report: PreviewReport, console: Console) -> Table:
    budget = report["budget"]
    narrow = console.width < NARROW
    judged = {"minimum": "at least", "expected": "judged", "maximum": "at most"}[
        budget["case"] if budget else "expected"
    ]
    table = Table(box=None, pad_edge=False, header_style="dim", show_footer=True)
    total = report["total"]
    assert total is not None
    table.add_column("capability", footer="total", overflow="fold")
    if not narrow:
        table.add_column("expected", footer=shown(total["monthlyCost"]), justify="right", no_wrap=True)
    table.add_column(judged, footer=shown_judged(total["judgedCost"]), justify="right", no_wrap=True)
    table.add_column("cap", footer=_cap(total), justify="right", no_wrap=True)
    table.add_column("used", footer=shown_share(total["shareOfCap"]), justify="right", no_wrap=True)
    if not narrow and console.is_terminal:
        table.add_column("share of the budget", footer=_bar(total["shareOfBudget"]), no_wrap=True)
    for entry in report["capabilities"]:
        cells: list[Text | str] = [Text(one_line(entry["name"]))]
        cells += [] if narrow else [shown(entry["monthlyCost"])]
        cells += [shown_judged(entry["judgedCost"]), _cap(entry), shown_share(entry["shareOfCap"])]
        cells += [_bar(entry["shareOfBudget"])] if not narrow and console.is_terminal else []
        table.add_row(*cells)
    return table


def _amounts(report: PreviewReport) -> str:
    estimate = report["estimate"]
    assert estimate is not None
    amounts = (
        f"list price in {one_line(estimate['region'])}, from {shown(estimate['totalMonthlyCostMinimum'])} to "
        f"{shown_judged(estimate['totalMonthlyCostMaximum'])} a month"
    )
    left = free_tier_left(estimate)
    return f"{amounts}; {left}" if left else amounts


def _show_problems(report: PreviewReport, console: Console) -> None:
    lines = [*report["errors"], *(f"{entry['code']}: {entry['message']}" for entry in open_problems(report))]
    if lines:
        console.print()
        console.print(Text("What could not be judged", style="bold yellow"))
    for line in lines:
        console.print(Text(f"  {one_line(line, 600)}"))


def _show_findings(report: PreviewReport, console: Console) -> None:
    for title, style, wanted in (("Refused because", "bold red", True), ("Warnings", "bold yellow", False)):
        found = [entry for entry in report["findings"] if (entry["level"] == MANDATORY) is wanted]
        if found:
            console.print()
            console.print(Text(title, style=style))
        for entry in found:
            console.print(_finding(entry))


def _finding(entry: FindingDocument) -> Text:
    text = Text("  ")
    text.append(one_line(entry["policy"]), style="bold")
    text.append(f": {one_line(entry['message'], 600)}")
    name = one_line(entry["urn"].split("::")[-1]) if entry["urn"] else ""
    return text.append(f" [{name}]", style="dim") if name and name not in entry["message"] else text


def _cap(entry: ShareDocument) -> str:
    return "" if entry["cap"] is None else shown(entry["cap"])


def _bar(share: str | None) -> Text:
    part = Decimal(share) if share is not None else Decimal(0)
    filled = min(_BAR, int(part * _BAR + Decimal("0.5")))
    style = "red" if part > 1 else "yellow" if part > Decimal("0.8") else "green"
    return Text("█" * filled, style=style).append("░" * (_BAR - filled), style="dim")
