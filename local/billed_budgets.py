"""What AWS Budgets answers and moto does not: what was spent, a filter where it is asked for, and tags.

https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_DescribeBudget.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from local.knobs import KnobBoard

_TAGS: Final = "ResourceTags"
_MOST_TAGS: Final = 200


def bill_as_budgets_does(board: KnobBoard) -> None:
    """Teaches moto these answers. Nobody is billed here: a bill is what the knobs say, and 0 before AWS has counted."""
    from moto.budgets.models import Budget
    from moto.budgets.responses import BudgetsResponse

    responses: Any = BudgetsResponse
    budgets: Any = Budget
    describe, create, shown = responses.describe_budget, responses.create_budget, budgets.to_dict

    def described(response: Any) -> str:
        held = json.loads(describe(response))["Budget"]
        expression = held.pop("FilterExpression", None)
        if expression and response._get_param("ShowFilterExpression"):
            held["FilterExpression"] = expression
        return json.dumps({"Budget": held})

    def created(response: Any) -> str:
        tags = response._get_param(_TAGS) or []
        if len(tags) > _MOST_TAGS:
            _refuse("InvalidParameterException", f"at most {_MOST_TAGS} tags")
        answered: str = create(response)
        _budget(response, response._get_param("Budget")["BudgetName"]).tags = tags
        return answered

    responses.describe_budget, responses.create_budget = described, created
    budgets.to_dict = lambda budget: {**(held := shown(budget)), "CalculatedSpend": _spent(held, board)}
    responses.list_tags_for_resource = _list_tags


def _spent(held: Mapping[str, Any], board: KnobBoard) -> dict[str, Any]:
    """A tag that was never activated for cost allocation lets nothing through, and here none ever was.

    https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/cost-alloc-tags.html
    """
    knobs = board.now
    by_tag = "tag" in json.dumps([held.get("CostFilters"), held.get("FilterExpression")]).lower()
    spent = {"ActualSpend": _amount(0.0 if by_tag else knobs.billed_amount, knobs.billed_unit)}
    if knobs.billed_forecast and not by_tag:
        spent["ForecastedSpend"] = _amount(knobs.billed_forecast, knobs.billed_unit)
    return spent


def _amount(amount: float, unit: str) -> dict[str, str]:
    return {"Amount": f"{amount:.3f}" if amount else "0.0", "Unit": unit}


def _list_tags(response: Any) -> str:
    name = str(response._get_param("ResourceARN")).rpartition(":budget/")[2]
    return json.dumps({_TAGS: getattr(_budget(response, name), "tags", [])})


def _budget(response: Any, name: str) -> Any:
    found = response.backend.budgets[response.current_account].get(name)
    if found is None:
        _refuse("NotFoundException", f"Unable to get budget: {name} - the budget doesn't exist.")
    return found


def _refuse(code: str, said: str) -> None:
    from moto.core.exceptions import JsonRESTError

    raise JsonRESTError(code, said)
