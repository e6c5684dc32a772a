"""What the stack costs, by capability, against what it may cost; and beside it what the account was billed."""

from __future__ import annotations

from decimal import Decimal

import htpy as h

from pricing.money import dollars, dollars_up
from runners.report.charts.amounts import Amount, amounts_chart
from runners.report.model import Bill, Cost, CostLine
from runners.report.page.section import Section
from runners.report.page.words import billed, moment, sentence


def money(cost: Cost | None, bill: Bill | None) -> Section:
    """Bars for the whole and each capability; the account's bill in words, as it is not the stack's."""
    return Section(title="Cost", body=[*_planned(cost), *_billed(bill)])


def _planned(cost: Cost | None) -> list[h.Node]:
    if cost is None:
        hint = h.code["ial preview --json"]
        told = ["Not shown: no preview's report was given; ", hint, " writes one, ", h.code["--estimate"], " shows it."]
        return [h.p[told]]
    lines = [cost.total, *cost.capabilities]
    over = [line.name for line in lines if _amount(line).over]
    limit = "no limit" if cost.total.limit is None else dollars(Decimal(cost.total.limit))
    finding = (
        f"{dollars_up(Decimal(cost.total.expected))} a month at list price, of {limit}; "
        f"{'over its cap: ' + ', '.join(over) if over else 'nothing is over its cap'}."
    )
    chart = amounts_chart("cost", "Cost by capability", finding, [_amount(line) for line in lines], _shown)
    return [chart, h.p(class_="small")[f"By {cost.source}, prices judged on {cost.as_of}."]]


def _billed(bill: Bill | None) -> list[h.Node]:
    if bill is None:
        limit = h.code["ial:spendingLimit"]
        return [h.p["The month's bill is not known: the stack has no AWS Budget; ", limit, " makes one."]]
    return [
        h.p[
            f"This month's bill so far: {billed(bill.so_far_usd)}; forecast of the month: {billed(bill.forecast_usd)}."
        ],
        h.p(class_="small")[f"By AWS Budget {bill.budget}, asked {moment(bill.asked)}; it counts {bill.covers}."],
        h.ul[[h.li[sentence(why)] for why in bill.missing]] if bill.missing else None,
    ]


def _amount(line: CostLine) -> Amount:
    return Amount(
        name=line.name,
        expected=float(line.expected),
        limit=None if line.limit is None else float(line.limit),
        measured=None if line.measured is None else float(line.measured),
    )


def _shown(value: float) -> str:
    return dollars(Decimal(repr(value)))
