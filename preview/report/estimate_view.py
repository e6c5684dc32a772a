"""An estimate for people at a terminal: what each resource costs, and how each amount came about."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from preview.report.amounts import shown, shown_price
from preview.report.provenance import declared, free_tier_left, source_of
from preview.report.text import one_line
from pricing.registry import Classification
from pricing.report import ComponentDocument, EstimateDocument, ResourceDocument


def show_estimate(document: EstimateDocument, console: Console) -> None:
    """Prints one row for each resource that has a price, then the total and what was left out of it."""
    total, most = shown(document["totalMonthlyCost"]), shown(document["totalMonthlyCostMaximum"])
    table = Table(box=None, pad_edge=False, header_style="dim", show_footer=True)
    table.add_column(
        "resource", footer="total" if document["complete"] else "total of what could be priced", overflow="fold"
    )
    table.add_column("type", overflow="fold")
    table.add_column("monthly", footer=total, justify="right", no_wrap=True)
    table.add_column("at most", footer=most, justify="right", no_wrap=True)
    for entry in document["resources"]:
        if entry["costComponents"] or entry["classification"] == Classification.UNCLASSIFIED:
            name, token = Text(one_line(entry["name"])), Text(one_line(entry["type"]))
            table.add_row(name, token, *_amounts(entry))
    console.print(table)
    summary = document["summary"]
    counts = (
        f"{summary['detected']} resources: {summary['priced']} priced, {summary['usageBased']} by usage, "
        f"{summary['free']} free, {summary['billedByParent']} billed through another resource, "
        f"{summary['declaredFree'] + summary['declaredCost']} declared, "
        f"{summary['unclassified']} unclassified"
    )
    console.print(Text(counts, style="dim"))
    _show_open(document, console)


def _amounts(entry: ResourceDocument) -> tuple[str, str]:
    """Expected and maximum; what could not be priced never looks like nothing."""
    open_items = [item for item in entry["costComponents"] if item["monthlyCost"] is None]
    if not entry["costComponents"] or len(open_items) == len(entry["costComponents"]):
        return ("unknown", "unknown")
    more = " + unknown" if open_items else ""
    return (f"{shown(entry['monthlyCost'])}{more}", f"{shown(entry['monthlyCostMaximum'])}{more}")


def explain(document: EstimateDocument, console: Console) -> None:
    """Prints the arithmetic of every line: formula, quantity, price, where the price comes from and of which day."""
    for entry in document["resources"]:
        console.print(Text(f"{one_line(entry['name'])} ({one_line(entry['type'])})", style="bold"), soft_wrap=True)
        for item in entry["costComponents"]:
            for line in _explained(item):
                console.print(Text(line), soft_wrap=True)
        if not entry["costComponents"]:
            console.print(Text(f"  {_without_lines(entry)}", style="dim"), soft_wrap=True)
        if entry["boundedProperties"]:
            names = one_line(", ".join(entry["boundedProperties"]))
            console.print(Text(f"  unknown at preview, priced from its declared bound: {names}"), soft_wrap=True)
    what = "total" if document["complete"] else "total of what could be priced"
    total = (
        f"{what} {shown(document['totalMonthlyCost'])} a month at list price in {one_line(document['region'])}, "
        f"from {shown(document['totalMonthlyCostMinimum'])} to {shown(document['totalMonthlyCostMaximum'])}"
    )
    left = free_tier_left(document)
    console.print(Text(f"{total}; {left}" if left else total, style="bold"), soft_wrap=True)
    _show_open(document, console)


def _explained(item: ComponentDocument) -> list[str]:
    name, unit = one_line(item["name"]), one_line(item["unit"])
    source = f"    {one_line(source_of(item), 600)}, confidence {item['priceConfidence']}"
    if item["monthlyQuantity"] is None or item["monthlyCost"] is None:
        return [f"  {name}: usage is not declared; {shown_price(item['price'])} USD per {unit}", source]
    if len(item["tiers"]) > 1:
        product = " + ".join(f"{tier['quantity']} x {shown_price(tier['price'])}" for tier in item["tiers"])
        product = f"{product} USD per {unit}"
    else:
        price = item["tiers"][0]["price"] if item["tiers"] else item["price"]
        product = f"{item['monthlyQuantity']} {unit} x {shown_price(price)} USD"
    spread = ""
    if item["monthlyCostMinimum"] != item["monthlyCostMaximum"]:
        spread = f" (from {item['monthlyCostMinimum']} to {item['monthlyCostMaximum']} USD)"
    return [
        f"  {name}: {one_line(item['formula'], 600)}",
        f"    {product} = {shown_price(item['monthlyCost'])} USD{spread}",
        source,
    ]


def _without_lines(entry: ResourceDocument) -> str:
    if entry["reason"]:
        return f"{entry['classification']}: {one_line(entry['reason'])}"
    if entry["classification"] == Classification.UNCLASSIFIED:
        return "unclassified"
    return "nothing to bill as it is configured"


def _show_open(document: EstimateDocument, console: Console) -> None:
    for entry in document["declarations"]:
        console.print(Text(one_line(declared(entry), 600)), soft_wrap=True)
    for problem in document["problems"]:
        console.print(Text(f"{problem['code']}: {one_line(problem['message'], 600)}", style="yellow"), soft_wrap=True)
    for warning in document["warnings"]:
        console.print(Text(f"note: {one_line(warning, 600)}", style="dim"), soft_wrap=True)
