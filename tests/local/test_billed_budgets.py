"""AWS Budgets as it answers: a bill that the knobs say, a filter where it is asked for, and tags."""

from __future__ import annotations

from typing import Any

import pytest

from local.endpoint import ACCOUNT, Endpoint
from local.server import Running
from tests.runners.backup.tables.test_tables import set_knobs

pytestmark = pytest.mark.cloud
LIMIT = {"BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": "5", "Unit": "USD"}}


def made(endpoint: Endpoint, name: str, **more: Any) -> Any:
    budgets = endpoint.client("budgets")
    tags = [{"Key": "environment", "Value": "dev"}]
    budgets.create_budget(AccountId=ACCOUNT, Budget={"BudgetName": name, **LIMIT, **more}, ResourceTags=tags)
    return budgets


def test_a_bill_is_what_is_billed_and_a_tag_that_nobody_activated_counts_nothing(
    endpoint: Endpoint, cloud: Running
) -> None:
    whole = made(endpoint, "whole")
    made(endpoint, "tagged", CostFilters={"TagKeyValue": ["user:team$shop"]})

    def spent(name: str) -> Any:
        return whole.describe_budget(AccountId=ACCOUNT, BudgetName=name)["Budget"]["CalculatedSpend"]

    assert spent("whole") == {"ActualSpend": {"Amount": "0.0", "Unit": "USD"}}
    set_knobs(cloud, billed_amount=12.5, billed_forecast=20, billed_unit="CNY")
    try:
        assert spent("whole") == {
            "ActualSpend": {"Amount": "12.500", "Unit": "CNY"},
            "ForecastedSpend": {"Amount": "20.000", "Unit": "CNY"},
        }
        assert spent("tagged") == {"ActualSpend": {"Amount": "0.0", "Unit": "CNY"}}
        listed = {held["BudgetName"]: held for held in whole.describe_budgets(AccountId=ACCOUNT)["Budgets"]}
        assert listed["whole"]["CalculatedSpend"] == spent("whole")
    finally:
        set_knobs(cloud, billed_amount=0, billed_forecast=0, billed_unit="USD")
        for name in ("whole", "tagged"):
            whole.delete_budget(AccountId=ACCOUNT, BudgetName=name)


def test_an_expression_is_shown_where_it_is_asked_for_and_tags_are_apart(endpoint: Endpoint) -> None:
    expression = {"Dimensions": {"Key": "SERVICE", "Values": ["AmazonS3"]}}
    budgets = made(endpoint, "some", FilterExpression=expression)
    where = {"AccountId": ACCOUNT, "BudgetName": "some"}
    arn = f"arn:aws:budgets::{ACCOUNT}:budget/some"
    assert "FilterExpression" not in budgets.describe_budget(**where)["Budget"]
    assert budgets.describe_budget(**where, ShowFilterExpression=True)["Budget"]["FilterExpression"] == expression
    assert budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"] == [{"Key": "environment", "Value": "dev"}]
    budgets.delete_budget(**where)
    with pytest.raises(budgets.exceptions.NotFoundException):
        budgets.list_tags_for_resource(ResourceARN=arn)
    with pytest.raises(budgets.exceptions.NotFoundException):
        budgets.describe_budget(**where)
