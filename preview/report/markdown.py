"""The report as a comment for a pull request: one sticky comment, found again by its hidden marker."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from preview.gate import Status
from preview.report.amounts import shown, shown_change, shown_growth, shown_hourly, shown_judged, shown_share
from preview.report.capped import LIMIT, CappedText
from preview.report.delta_view import counts
from preview.report.document import open_problems
from preview.report.model import MANDATORY, PreviewReport, ShareDocument
from preview.report.provenance import declared, free_tier_left, source_of
from preview.report.text import markdown as safe
from pricing.delta_report import ChangeDocument, DeltaDocument
from pricing.report import ComponentDocument, EstimateDocument, ResourceDocument

MARKER: Final = "<!-- ial-cost-gate -->"
_ICONS: Final = {
    Status.WITHIN.value: "✅",
    Status.REFUSED.value: "❌",
    Status.COULD_NOT_JUDGE.value: "⚠️",
}
_KINDS: Final = ("added", "removed", "changed", "replaced")


def render_markdown(report: PreviewReport, *, limit: int = LIMIT) -> str:
    """The report as Markdown below `limit` bytes; what doesn't fit is cut from the end and named."""
    text = CappedText(limit)
    icon = _ICONS.get(report["verdict"], "⚠️")
    text.section("headline", [MARKER, f"## {icon} {safe(report['headline'], 600)}", ""], [], [_occasion(report), ""])
    _problems(text, report)
    _findings(text, report)
    _capabilities(text, report)
    if report["delta"]:
        _delta(text, report["delta"])
    _waivers(text, report)
    if report["estimate"]:
        rows = [f"- {safe(declared(entry), 600)}" for entry in report["estimate"]["declarations"]]
        if rows:
            text.section("declarations", ["### Declared by the team", ""], rows, [""])
        _details(text, report["estimate"])
    _notes(text, report)
    return text.text("**Cut to fit a comment** (the JSON report has everything):")


def _occasion(report: PreviewReport) -> str:
    stage = "" if report["stage"] is None else f", stage {report['stage']}"
    program, engine = safe(report["program"]), safe(report["engine"])
    commit = "" if report["commit"] is None else f", commit {safe(report['commit'][:12])}"
    return (
        f"Stack **{safe(report['stack'])}**{stage}{commit}, program {program}, engine {engine}, "
        f"prices as of {safe(report['asOf'])}, run {safe(report['runId'])}."
    )


def _problems(text: CappedText, report: PreviewReport) -> None:
    rows = [f"- {safe(error, 600)}" for error in report["errors"]]
    rows += [f"- {safe(entry['code'])}: {safe(entry['message'], 600)}" for entry in open_problems(report)]
    if rows:
        text.section("problems", ["### What could not be judged", ""], rows, [""])


def _findings(text: CappedText, report: PreviewReport) -> None:
    for title, wanted in (("Refused because", True), ("Warnings", False)):
        found = [entry for entry in report["findings"] if (entry["level"] == MANDATORY) is wanted]
        rows = [
            f"| {safe(entry['policy'])} | {safe(entry['message'], 600)} | {_name(entry['urn'])} |" for entry in found
        ]
        if rows:
            head = [f"### {title}", "", "| policy | finding | resource |", "| --- | --- | --- |"]
            text.section(title.lower(), head, rows, [""])


def _name(urn: str | None) -> str:
    return safe(urn.split("::")[-1]) if urn else "stack"


def _capabilities(text: CappedText, report: PreviewReport) -> None:
    estimate, budget, total = report["estimate"], report["budget"], report["total"]
    if estimate is None or total is None:
        return
    judged = f"judged ({budget['case']})" if budget else "judged"
    head = [
        "### Cost by capability",
        "",
        f"| capability | expected | {judged} | cap | used |",
        "| --- | --: | --: | --: | --: |",
    ]
    rows = [_capability(entry) for entry in report["capabilities"]]
    text.section("capabilities", head, rows, [*_total(total, estimate), ""])


def _capability(entry: ShareDocument) -> str:
    cap = shown(entry["cap"]) if entry["cap"] is not None else ""
    cells = [safe(entry["name"]), shown(entry["monthlyCost"]), shown_judged(entry["judgedCost"]), cap]
    return f"| {' | '.join(cells)} | {shown_share(entry['shareOfCap'])} |"


def _total(total: ShareDocument, estimate: EstimateDocument) -> list[str]:
    cap = shown(total["cap"]) if total["cap"] is not None else ""
    cells = [shown(total["monthlyCost"]), shown_judged(total["judgedCost"]), cap, shown_share(total["shareOfCap"])]
    low, high = shown(estimate["totalMonthlyCostMinimum"]), shown_judged(estimate["totalMonthlyCostMaximum"])
    left = free_tier_left(estimate)
    return [
        f"| **total** | {' | '.join(f'**{cell}**' if cell else '' for cell in cells)} |",
        "",
        f"List price in {safe(estimate['region'])}, {safe(estimate['currency'])} a month, from {low} to {high}"
        f"{'; ' + left if left else ''}.",
    ]


def _delta(text: CappedText, delta: DeltaDocument) -> None:
    head = [
        f"### Change: {shown_change(delta['change'])} a month{shown_growth(delta['changePercent'])}",
        "",
        f"Against {safe(delta['source'])}: {shown(delta['monthlyCostBefore'])} before, "
        f"{shown(delta['monthlyCostAfter'])} after; at most {shown_change(delta['changeMaximum'])}. "
        f"{delta['unchanged']['count']} resources at {shown(delta['unchanged']['monthlyCost'])} stay the same.",
        "",
    ]
    rows = [_change(kind, entry) for kind, entries in _by_kind(delta) for entry in entries if counts(kind, entry)]
    free = sum(len(entries) for _, entries in _by_kind(delta)) - len(rows)
    table = (
        ["| | resource | before | after | change | cause |", "| --- | --- | --: | --: | --: | --- |"] if rows else []
    )
    notes = [f"- {safe(note, 600)}" for note in delta["notes"]]
    notes += [f"- {free} resources added or removed cost nothing."] if free else []
    text.section("changes", head + table, rows, ["", *notes[:20], ""])


def _by_kind(delta: DeltaDocument) -> list[tuple[str, list[ChangeDocument]]]:
    lists = (delta["added"], delta["removed"], delta["changed"], delta["replaced"])
    return list(zip(_KINDS, lists, strict=True))


def _change(kind: str, entry: ChangeDocument) -> str:
    causes = list(entry["causes"])
    if kind == "replaced":
        causes.append(f"both copies exist for a while, at {shown_hourly(entry['overlapPerHour'])} an hour")
    cells = [
        kind,
        f"{safe(entry['name'])} ({safe(entry['type'])})",
        shown(entry["monthlyCostBefore"]),
        shown(entry["monthlyCostAfter"]),
        shown_change(entry["change"]),
        safe("; ".join(causes), 600),
    ]
    return f"| {' | '.join(cells)} |"


def _waivers(text: CappedText, report: PreviewReport) -> None:
    rows = [
        f"| {safe(entry['id'])} | {safe(entry['policy'])} | {safe(entry['scope'])} | {_most(entry['maxAmount'])} "
        f"| {safe(entry['owner'])} "
        f"| {safe(entry['expires'])} | {safe(entry['reason'])} |"
        for entry in report["waivers"]
    ]
    if rows:
        head = [
            "### Waivers in force",
            "",
            "| waiver | policy | scope | at most | owner | until | reason |",
            "|" + " --- |" * 7,
        ]
        text.section("waivers", head, rows, [""])


def _most(amount: str | None) -> str:
    return "" if amount is None else f"{shown(amount)} more"


def _details(text: CappedText, estimate: EstimateDocument) -> None:
    priced = [entry for entry in estimate["resources"] if entry["costComponents"]]
    priced.sort(key=lambda entry: (-Decimal(entry["monthlyCostMaximum"]), entry["urn"]))
    rows = [_line(entry, item) for entry in priced for item in entry["costComponents"]]
    summary = estimate["summary"]
    head = [
        f"<details><summary>All {len(rows)} priced lines of {summary['detected']} resources</summary>",
        "",
        "| resource | line | quantity | price | monthly | how |",
        "| --- | --- | --: | --: | --: | --- |",
    ]
    counts = (
        f"{summary['priced']} priced, {summary['usageBased']} by usage, {summary['free']} free, "
        f"{summary['billedByParent']} billed through another resource, "
        f"{summary['declaredFree'] + summary['declaredCost']} declared, {summary['unclassified']} unclassified. "
        f"Price book {safe(estimate['priceBook']['digest'][:12])}, "
        f"oldest source of {safe(estimate['priceBook']['oldestSource'] or 'no day')}, "
        f"all usable until {safe(estimate['priceBook']['usableUntil'] or 'any day')}."
    )
    text.section("priced lines", head, rows, ["", "</details>", "", counts, ""])


def _line(entry: ResourceDocument, item: ComponentDocument) -> str:
    quantity = "not declared" if item["monthlyQuantity"] is None else item["monthlyQuantity"]
    cost = "unknown" if item["monthlyCost"] is None else shown(item["monthlyCost"])
    how = f"{item['formula']}; {source_of(item)}"
    return (
        f"| {safe(entry['name'], 80)} | {safe(item['name'], 80)} | {safe(quantity, 40)} {safe(item['unit'], 40)} "
        f"| {safe(item['price'], 40)} | {cost} | {safe(how, 240)} |"
    )


def _notes(text: CappedText, report: PreviewReport) -> None:
    warnings = report["estimate"]["warnings"] if report["estimate"] else []
    rows = [f"- {safe(note, 600)}" for note in (*warnings, *report["notes"])]
    if rows:
        text.section("notes", ["<details><summary>Notes</summary>", ""], rows, ["", "</details>", ""])
