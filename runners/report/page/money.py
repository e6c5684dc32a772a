"""What the stack costs, by capability, against what it may cost."""

from __future__ import annotations

from decimal import Decimal

import htpy as h

from pricing.money import dollars, dollars_up
from runners.report.charts.amounts import Amount, amounts_chart
from runners.report.model import Cost, CostLine
from runners.report.page.section import Section


def money(cost: Cost | None) -> Section:
    """Bars for the whole and each capability."""
    if cost is None:
        hint = h.code["ial preview --out DIR"]
        told = h.p["Not shown: no preview's report was given; ", hint, " writes one, ", h.code["--cost"], " shows it."]
        return Section(title="Cost", body=[told])
    lines = [cost.total, *cost.capabilities]
    over = [line.name for line in lines if _amount(line).over]
    limit = "no limit" if cost.total.limit is None else dollars(Decimal(cost.total.limit))
    finding = (
        f"{dollars_up(Decimal(cost.total.expected))} a month at list price, of {limit}; "
        f"{'over its cap: ' + ', '.join(over) if over else 'nothing is over its cap'}."
    )
    chart = amounts_chart("cost", "Cost by capability", finding, [_amount(line) for line in lines], _shown)
    return Section(title="Cost", body=[chart, h.p(class_="small")[f"By {cost.source}, prices judged on {cost.as_of}."]])


def _amount(line: CostLine) -> Amount:
    return Amount(
        name=line.name,
        expected=float(line.expected),
        limit=None if line.limit is None else float(line.limit),
        measured=None if line.measured is None else float(line.measured),
    )


def _shown(value: float) -> str:
    return dollars(Decimal(repr(value)))
