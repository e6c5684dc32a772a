"""What the account was billed so far this month, as an AWS Budget says, and exactly what that number covers. Pure.

"The actualSpend tracks how much you've used": https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_CalculatedSpend.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from contract.names import ENVIRONMENT_TAG, MANAGED_BY_TAG, MANAGED_BY_US
from runners.report.model import Bill
from runners.runs.clock import rfc3339

# https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html
_LATE: Final = "AWS counts up to three times a day, so what was used in the last day may be missing"
# Of API_budgets_CostTypes, what makes a bill lower than what was used.
_LESS: Final = {"IncludeCredit": "credits", "IncludeRefund": "refunds", "IncludeDiscount": "discounts"}
# Of the same, what is on the bill; true unless it is said to be false.
_PARTS: Final = {
    "IncludeTax": "tax",
    "IncludeSubscription": "subscriptions",
    "IncludeOtherSubscription": "other subscriptions",
    "IncludeUpfront": "upfront fees",
    "IncludeRecurring": "recurring fees",
    "IncludeSupport": "support",
}
# A budget that sees less than its account has one of these. What they are is not judged: none is the whole.
_FILTERS: Final = ("FilterExpression", "CostFilters")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Whose budget was asked for, and when."""

    budget: str
    account: str
    environment: str
    at: datetime


def unknown_bill(asked: Asked, why: str) -> Bill:
    """A bill of which nothing is known."""
    return Bill(
        budget=asked.budget,
        asked=rfc3339(asked.at),
        whole_account=False,
        covers="nothing that is known",
        so_far_usd=None,
        forecast_usd=None,
        missing=(why,),
    )


def bill_of(asked: Asked, budget: Mapping[str, Any], tags: Mapping[str, str]) -> Bill:
    """What AWS's answer says; what it does not say, or says of something else, is missing and never 0."""
    why = _not_ours(asked, tags) or _no_month(asked, budget)
    if why is not None:
        return unknown_bill(asked, why)
    spent = budget.get("CalculatedSpend") or {}
    filters = _filters(budget)
    so_far, no_bill = _usd(spent.get("ActualSpend"), "the bill so far")
    forecast, no_forecast = _usd(spent.get("ForecastedSpend"), "the forecast")
    if so_far is None and "tag" in filters.lower():
        no_bill = f"{no_bill}; a tag that is not activated for cost allocation counts nothing"
    return Bill(
        budget=asked.budget,
        asked=rfc3339(asked.at),
        whole_account=not filters,
        covers=f"{_covered(asked, budget, filters)}. {_LATE}",
        so_far_usd=so_far,
        forecast_usd=forecast,
        missing=tuple(why for why in (no_bill, no_forecast) if why),
    )


def _not_ours(asked: Asked, tags: Mapping[str, str]) -> str | None:
    if (tags.get(MANAGED_BY_TAG), tags.get(ENVIRONMENT_TAG)) == (MANAGED_BY_US, asked.environment):
        return None
    return (
        f"budget {asked.budget} does not carry the stack's tags: it is somebody else's, and what it counts is not known"
    )


def _no_month(asked: Asked, budget: Mapping[str, Any]) -> str | None:
    """Why it does not count this month's dollars, in words."""
    kind, unit = budget.get("BudgetType"), budget.get("TimeUnit")
    if (kind, unit) != ("COST", "MONTHLY"):
        return f"budget {asked.budget} is {kind} and {unit}: it does not count the cost of a month"
    period = budget.get("TimePeriod") or {}
    begins, ends = period.get("Start"), period.get("End")
    if (begins is not None and begins > asked.at) or (ends is not None and ends <= asked.at):
        return f"budget {asked.budget} does not count this month: it is for {begins or 'ever'} to {ends or 'ever'}"
    health = (budget.get("HealthStatus") or {}).get("Status", "HEALTHY")
    return None if health == "HEALTHY" else f"budget {asked.budget} is {health}: AWS does not bring it up to date"


def _filters(budget: Mapping[str, Any]) -> str:
    """What narrows it, as AWS writes it; empty: nothing does. A view that is not the account's own does, too."""
    found = [f"{key} {dict(budget[key])}" for key in _FILTERS if budget.get(key)]
    view = str(budget.get("BillingViewArn") or "")
    if view and not view.endswith(":billingview/primary"):
        found.append(f"billing view {view}")
    return ", ".join(found)


def _covered(asked: Asked, budget: Mapping[str, Any], filters: str) -> str:
    account = f"account {asked.account}"
    of = (
        f"only what {filters} lets through of {account}"
        if filters
        else f"the whole {account}, whatever runs there, and each account whose bills it pays: not this stack's cost"
    )
    return f"{of}; {_kinds(budget)}"


def _kinds(budget: Mapping[str, Any]) -> str:
    """Which costs it counts: `Metrics` is the newer form and says which ones with a name."""
    if budget.get("Metrics"):
        return f"counted as {', '.join(budget['Metrics'])}"
    types = budget.get("CostTypes")
    if not types:
        return "which kinds of cost is not known"
    rate = "amortized" if types.get("UseAmortized") else "blended" if types.get("UseBlended") else "unblended"
    less = [name for key, name in _LESS.items() if types.get(key, True)]
    without = [name for key, name in _PARTS.items() if not types.get(key, True)]
    said = f"{rate}, {f'after {_and(less)}' if less else 'before credits, refunds and discounts'}"
    return f"{said}, without {_and(without)}" if without else said


def _usd(spend: Mapping[str, Any] | None, what: str) -> tuple[str | None, str | None]:
    """The amount, or why there is none."""
    if not spend:
        return None, f"{what} is not known: AWS gives none; a forecast needs about five weeks of bills"
    amount, unit = str(spend.get("Amount")), str(spend.get("Unit"))
    if unit != "USD":
        return None, f"{what} is not known in USD: AWS gives {amount} {unit}"
    try:
        value = Decimal(amount)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        return None, f"{what} is not known: AWS gives {amount!r}, which is no amount"
    if value == 0:
        return None, f"{what} is not known: AWS gives 0, which is also what it gives before it has counted"
    return f"{value:f}", None


def _and(names: list[str]) -> str:
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]
