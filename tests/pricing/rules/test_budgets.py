from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from pricing.estimate import Estimate
from pricing.resource import UNKNOWN, Resource

ACTION, BUDGET = "aws:budgets/budgetAction:BudgetAction", "aws:budgets/budget:Budget"


def test_a_budget_that_alerts_is_free(declare: Callable[..., Resource], price: Callable[..., Estimate]) -> None:
    result = price(declare(BUDGET, {"limitAmount": "14.93"}))
    assert result.problems == ()
    assert result.total.expected == 0


def test_a_budget_with_an_action_bills_days(lines: Callable[..., dict[str, Decimal]]) -> None:
    # 0.10 x 365 / 12 days
    assert lines(ACTION, {"budgetName": "month"}) == {"Budget with action": Decimal("3.041667")}


@pytest.mark.parametrize("name", ["month", UNKNOWN])
def test_two_actions_of_one_budget_bill_once_and_are_within_the_free_days(
    declare: Callable[..., Resource], price: Callable[..., Estimate], name: object
) -> None:
    budget = declare(BUDGET, {}, "month")
    actions = [declare(ACTION, {"budgetName": name}, f"a{n}", (budget.urn,)) for n in range(2)]
    result = price(budget, *actions)
    assert round(result.total.expected, 4) == Decimal("3.0417")
    assert result.total_after_free_tier is not None
    assert result.total_after_free_tier.expected == 0  # 62 budget-days are free


def test_actions_of_two_budgets_bill_twice(declare: Callable[..., Resource], price: Callable[..., Estimate]) -> None:
    actions = [declare(ACTION, {"budgetName": UNKNOWN}, f"a{n}") for n in range(2)]
    assert round(price(*actions).total.expected, 4) == Decimal("6.0833")


@pytest.mark.parametrize(("depends", "days"), [((0,), 1), ((1,), 2), ((0, 1), 2), ((), 2)])
def test_actions_are_of_one_budget_only_where_that_is_told(
    declare: Callable[..., Resource], price: Callable[..., Estimate], depends: tuple[int, ...], days: int
) -> None:
    budgets = [declare(BUDGET, {}, f"b{n}") for n in range(2)]
    first = declare(ACTION, {"budgetName": UNKNOWN}, "a0", (budgets[0].urn,))
    second = declare(ACTION, {"budgetName": UNKNOWN}, "a1", tuple(budgets[n].urn for n in depends))
    assert round(price(*budgets, first, second).total.expected, 4) == round(days * Decimal("3.0416667"), 4)
