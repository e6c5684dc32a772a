"""The month's bill of the account, from the stack's AWS Budget. Asking it costs nothing, unlike Cost Explorer."""

from __future__ import annotations

from runners.aws.session import Clients, call
from runners.errors import AwsError
from runners.report.bill import Asked, bill_of, unknown_bill
from runners.report.model import Bill


def account_bill(clients: Clients, asked: Asked, partition: str) -> Bill:
    """What the budget says. What could not be read is missing in words, and no reason to show nothing else."""
    budgets = clients.client("budgets")
    where = {"AccountId": asked.account, "BudgetName": asked.budget}
    arn = f"arn:{partition}:budgets::{asked.account}:budget/{asked.budget}"
    try:
        held = call(
            "budgets:DescribeBudget", asked.budget, budgets.describe_budget, **where, ShowFilterExpression=True
        )["Budget"]
        tags = call("budgets:ListTagsForResource", asked.budget, budgets.list_tags_for_resource, ResourceARN=arn)
    except AwsError as error:
        return unknown_bill(asked, f"the bill could not be read: {error}")
    return bill_of(asked, held, {tag["Key"]: tag["Value"] for tag in tags.get("ResourceTags", ())})
