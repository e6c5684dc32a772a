"""Where amounts come from, in words: the day of a price's source, what a team declared, what the free tier leaves."""

from __future__ import annotations

from preview.report.amounts import shown
from pricing.report import ComponentDocument, DeclarationDocument, EstimateDocument


def source_of(item: ComponentDocument) -> str:
    """The source of a line's price, how old it is, and from what the price follows."""
    if item["priceConfidence"] == "declared":
        return f"{item['priceSource']}, holds until {item['priceDate']}"
    when = f"undated, looked at {item['priceDate']}" if item["priceUndated"] else f"of {item['priceDate']}"
    derived = f", derived from {item['priceDerivedFrom']}" if item["priceDerivedFrom"] else ""
    return f"{item['priceSource']}, {when}{derived}"


def declared(entry: DeclarationDocument) -> str:
    """One declaration in a sentence."""
    what = entry["type"] or entry["name"] or ""
    says = "costs nothing" if entry["amount"] is None else f"costs {shown(entry['amount'])} a month each"
    count = len(entry["resources"])
    for_whom = f"{count} resource{'' if count == 1 else 's'}" if count else "no resource"
    return (
        f"declared: {what} {says}, for {for_whom}, until {entry['until']}: {entry['why']} "
        f"({entry['source']}; {entry['place']})"
    )


def free_tier_left(estimate: EstimateDocument) -> str:
    """What is left with the free tier still unused; empty where that is not known."""
    left = estimate["totalMonthlyCostAfterFreeTier"]
    return "" if left is None else f"with the free tier still unused {shown(left)}"
