"""What a bill says, what it covers, and that what is not known is never 0."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from contract.goals import Goals
from runners.analysis.inputs import MonthCost
from runners.report.bill import Asked, bill_of, unknown_bill
from runners.report.model import Bill
from runners.wiring.month_cost import month_of

ASKED = Asked(
    budget="ial-dev-account-monthly",
    account="123456789012",
    environment="dev",
    at=datetime(2026, 11, 28, 10, tzinfo=UTC),
)
OURS = {"managed-by": "ial", "environment": "dev"}
SPENT = {
    "ActualSpend": {"Amount": "131.4", "Unit": "USD"},
    "ForecastedSpend": {"Amount": "151.02", "Unit": "USD"},
}
BUDGET: dict[str, Any] = {
    "BudgetName": ASKED.budget,
    "BudgetType": "COST",
    "TimeUnit": "MONTHLY",
    "TimePeriod": {"Start": datetime(2026, 11, 1, tzinfo=UTC), "End": datetime(2087, 6, 15, tzinfo=UTC)},
    "CostTypes": {"IncludeTax": True, "IncludeCredit": True, "IncludeRefund": True, "IncludeDiscount": False},
    "CalculatedSpend": SPENT,
}


def billed(**changes: Any) -> Bill:
    return bill_of(ASKED, BUDGET | changes, OURS)


def test_the_account_s_bill_is_called_the_account_s() -> None:
    bill = billed()
    assert (bill.so_far_usd, bill.forecast_usd, bill.missing, bill.whole_account) == ("131.4", "151.02", (), True)
    assert bill.covers == (
        "the whole account 123456789012, whatever runs there, and each account whose bills it pays: not this stack's "
        "cost; unblended, after credits and refunds. AWS counts up to three times a day, so what was used in the last "
        "day may be missing"
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"CostFilters": {"TagKeyValue": ["user:team$shop"]}}, "only what CostFilters {'TagKeyValue'"),
        ({"FilterExpression": {"Tags": {"Key": "team"}}}, "only what FilterExpression {'Tags'"),
        ({"BillingViewArn": "arn:aws:billing::123456789012:billingview/custom-1"}, "only what billing view arn:"),
        ({"CostTypes": None, "Metrics": ["AmortizedCost"]}, "counted as AmortizedCost"),
        ({"CostTypes": None}, "which kinds of cost is not known"),
        (
            {"CostTypes": {"IncludeTax": False, "UseBlended": True}},
            "blended, after credits, refunds and discounts, wit",
        ),
    ],
)
def test_what_it_counts_is_said(changes: dict[str, Any], said: str) -> None:
    bill = billed(**changes)
    assert said in bill.covers
    assert bill.whole_account == ("CostTypes" in changes)
    assert bill.so_far_usd == "131.4"


def test_the_primary_view_is_the_whole_account() -> None:
    assert billed(BillingViewArn="arn:aws:billing::123456789012:billingview/primary").whole_account


def spent(amount: str, unit: str = "USD") -> dict[str, Any]:
    return {"CalculatedSpend": {"ActualSpend": {"Amount": amount, "Unit": unit}}}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (spent("131.4", "CNY"), "the bill so far is not known in USD: AWS gives 131.4 CNY"),
        (spent("0.0"), "AWS gives 0, which is also what it gives before it has counted"),
        (spent("NaN"), "AWS gives 'NaN', which is no amount"),
        (spent("much"), "AWS gives 'much', which is no amount"),
        ({"CalculatedSpend": None}, "the bill so far is not known: AWS gives none"),
        (
            spent("0") | {"CostFilters": {"TagKeyValue": ["user:team$shop"]}},
            "a tag that is not activated for cost allocation counts nothing",
        ),
        ({"TimeUnit": "DAILY"}, "is COST and DAILY: it does not count the cost of a month"),
        ({"BudgetType": "USAGE"}, "is USAGE and MONTHLY"),
        ({"TimePeriod": {"End": datetime(2026, 11, 1, tzinfo=UTC)}}, "does not count this month"),
        ({"TimePeriod": {"Start": datetime(2026, 12, 1, tzinfo=UTC)}}, "does not count this month"),
        ({"HealthStatus": {"Status": "UNHEALTHY"}}, "is UNHEALTHY: AWS does not bring it up to date"),
    ],
)
def test_what_is_not_known_is_said_and_no_zero(changes: dict[str, Any], said: str) -> None:
    bill = billed(**changes)
    assert (bill.so_far_usd, bill.forecast_usd) == (None, None)
    assert any(said in why for why in bill.missing)


@pytest.mark.parametrize("tags", [{}, {"managed-by": "ial", "environment": "prod"}, {"environment": "dev"}])
def test_a_budget_that_is_not_ours_is_not_read(tags: dict[str, str]) -> None:
    bill = bill_of(ASKED, BUDGET, tags)
    assert bill.so_far_usd is None
    assert "somebody else's" in bill.missing[0]


ESTIMATE = MonthCost(Decimal(150), Decimal(155), Decimal(159), "an estimate")
SOLE = Goals(bill_is_workload=True)
SO_FAR, FORECAST = Decimal("131.4"), Decimal("151.02")
SAID = "AWS Budgets on 2026-11-28"


@pytest.mark.parametrize(
    ("estimate", "bill", "goals", "expected"),
    [
        (ESTIMATE, billed(), Goals(), ESTIMATE),
        (None, billed(), Goals(), None),
        (ESTIMATE, None, SOLE, ESTIMATE),
        (ESTIMATE, unknown_bill(ASKED, "no permission"), SOLE, ESTIMATE),
        (ESTIMATE, billed(CostFilters={"Service": ["Amazon EC2"]}), SOLE, ESTIMATE),
        (None, billed(), SOLE, MonthCost(SO_FAR, FORECAST, None, SAID)),
        (None, billed(**spent("131.4")), SOLE, MonthCost(SO_FAR, None, None, SAID)),
        (ESTIMATE, billed(), SOLE, MonthCost(SO_FAR, FORECAST, Decimal(159), f"{SAID} and an estimate")),
        (
            ESTIMATE,
            billed(**spent("131.4")),
            SOLE,
            MonthCost(SO_FAR, Decimal(155), Decimal(159), f"{SAID} and an estimate"),
        ),
        (
            ESTIMATE,
            billed(**spent("170")),
            SOLE,
            MonthCost(Decimal(170), Decimal(170), Decimal(170), f"{SAID} and an estimate"),
        ),
    ],
)
def test_the_goal_takes_a_bill_only_where_it_is_the_workload_s(
    estimate: MonthCost | None, bill: Bill | None, goals: Goals, expected: MonthCost | None
) -> None:
    assert month_of(estimate, bill, goals) == expected
