"""AWS Budgets: alerts are free, budgets with an action are billed by the day."""

from __future__ import annotations

from collections.abc import Iterator

from pricing.billing import Billing
from pricing.line_item import LineItem
from pricing.quantity import DAYS_PER_MONTH
from pricing.registry import free, priced
from pricing.resource import Resource
from pricing.rules.arithmetic import shown

_ACTION, _BUDGET = "aws:budgets/budgetAction:BudgetAction", "aws:budgets/budget:Budget"


@priced(_ACTION)
def budget_action(b: Billing) -> Iterator[LineItem]:
    """A budget with actions is billed once, however many: here with its first action."""
    first = next((a for a in b.graph.of_type(_ACTION) if _budget_of(b, a) == _budget_of(b, b.resource)), b.resource)
    if first.urn == b.resource.urn:
        yield b.item("Budget with action", "budgets.action", DAYS_PER_MONTH, f"1 budget x {shown(DAYS_PER_MONTH)} days")
    else:
        yield b.item("Budget with action", "budgets.action", 0, f"0 days: the budget is billed with {first.name}")


def _budget_of(b: Billing, action: Resource) -> str:
    """What names the action's budget: the known name, else the one budget it depends on, else the action itself."""
    name = action.get("budgetName")
    if isinstance(name, str):
        return name
    budgets = [r.urn for r in b.graph.of_type(_BUDGET) if r.urn in action.dependencies]
    return budgets[0] if len(budgets) == 1 else action.urn


free(
    _BUDGET,
    why="a budget that only alerts is free of charge",
    source="https://aws.amazon.com/aws-cost-management/aws-budgets/pricing/",
)
