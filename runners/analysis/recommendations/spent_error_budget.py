"""An allowance of errors that is used up: experiments can wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from runners.analysis.error_budget import DAYS
from runners.analysis.model import Recommendation
from runners.analysis.recommendations.rule import Findings, rule

_FREEZE: Final = timedelta(days=7)


@rule
def spent_error_budget(found: Findings) -> Iterator[Recommendation]:
    """More requests failed than may."""
    budget = found.error_budget
    if budget.used is None or budget.used <= 1:
        return
    first = found.inputs.now.date()
    yield Recommendation(
        id="spent-error-budget",
        rule="spent-error-budget",
        severity="high",
        title=f"the error budget of {DAYS} days is spent",
        runs=(),
        observed=budget.said,
        threshold=f"{budget.goal_percent:g} % of requests are answered",
        action=f"ial:chaos: {{freezes: [{{first: {first}, last: {first + _FREEZE}}}]}}",
        usd_per_month=None,
        confidence="high",
    )
