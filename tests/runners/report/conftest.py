from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from contract.goals import Goals
from runners.analysis.analysis import analyse
from runners.analysis.eight_weeks.weeks import BEGIN, EXPERIMENTS, WEEKS, Regression, Weeks
from runners.analysis.inputs import Inputs, MonthCost
from runners.analysis.model import Analysis
from runners.analysis.score import Known
from runners.report.assembling import Beside, report_of
from runners.report.cost import cost_of
from runners.report.model import Bill, Report, ServiceCall

CALLS = (
    ServiceCall(caller="users", called="web", count=1000, failed=2, seconds=0.08),
    ServiceCall(caller="web", called="orders", count=900, failed=0, seconds=None),
    ServiceCall(caller="orders", called="web", count=3, failed=0, seconds=0.01),
    ServiceCall(caller="web", called="web", count=1, failed=0, seconds=0.01),
)
SHARE = {"name": "total", "judgedCost": "14.7786", "cap": "14.93"}
PREVIEW = {
    "asOf": "2026-11-28",
    "stack": "dev",
    "total": SHARE,
    "capabilities": [
        {"name": "chaos", "judgedCost": "4.31", "cap": "4.30"},
        {"name": "other", "judgedCost": "0", "cap": None},
    ],
}
BILL = Bill(
    budget="ial-dev-account-monthly",
    asked="2026-11-23T00:00:00Z",
    whole_account=True,
    covers="the whole account 123456789012",
    so_far_usd="131.4",
    forecast_usd=None,
    missing=("the forecast is not known: AWS gives none",),
)


def analysis_of(documents: list[dict[str, Any]], weeks: Weeks | None = None) -> Analysis:
    known = [Known(one.name, one.category, 1.0, True, one.usd) for one in EXPERIMENTS]
    inputs = Inputs(
        goals=Goals(),
        now=BEGIN + timedelta(weeks=WEEKS),
        since=BEGIN,
        requests=None if weeks is None else weeks.requests(),
        cost=MonthCost(Decimal(155), Decimal("158.28"), Decimal("159.78"), "the preview"),
    )
    return analyse("rehearsed", [(document["run"], document) for document in documents], known, inputs)


@pytest.fixture(scope="session")
def documents() -> list[dict[str, Any]]:
    return list(Weeks(7, Regression(times=3.0)).documents())


@pytest.fixture(scope="session")
def report(documents: list[dict[str, Any]]) -> Report:
    """Eight weeks, with a regression in the fifth."""
    analysis = analysis_of(documents, Weeks(7, Regression(times=3.0)))
    return report_of(analysis, documents, Beside(cost=cost_of(PREVIEW, "the preview"), bill=BILL, services=CALLS))


@pytest.fixture(scope="session")
def empty() -> Report:
    """Before the first run."""
    return report_of(analysis_of([]), [], Beside(notes=("traces were not asked: no X-Ray here",)))
