"""What to do, on what evidence, with the command that does it."""

from __future__ import annotations

from collections.abc import Sequence

import htpy as h

from runners.analysis.model import Recommendation
from runners.report.page.section import Section
from runners.report.page.words import listed


def advice(recommendations: Sequence[Recommendation]) -> Section:
    """Recommendations, the most important first."""
    if not recommendations:
        return Section(title="What to do", body=[h.p["No rule found anything to do in these runs."]])
    return Section(title="What to do", body=[h.ol(class_="advice")[[_item(one) for one in recommendations]]])


def _item(one: Recommendation) -> h.Element:
    price = "no price of its own" if one.usd_per_month is None else f"{one.usd_per_month} USD a month"
    return h.li[
        h.strong[one.title],
        h.span(class_="badge open")[f"{one.severity}, confidence {one.confidence}"],
        h.p[f"Seen: {one.observed}. Compared with: {one.threshold}."],
        h.p[h.code[one.action]],
        h.p(class_="small")[f"{price}. Runs: {listed(one.runs, 'none')}."],
    ]
