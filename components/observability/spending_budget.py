"""AWS Budgets as the second pair of eyes: it sees the bill, a day late, when the gate has seen the plan."""

from dataclasses import dataclass
from decimal import Decimal

import pulumi
from pulumi_aws import budgets

from components.place import Place
from contract.names import spending_budget

_ALERTS = (("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100))


@dataclass(frozen=True, kw_only=True)
class SpendingBudgetArgs:
    """How much a month may cost, and where to say that it costs more."""

    place: Place
    stage: int
    limit: Decimal
    topic_arn: pulumi.Input[str]
    topic_policy: pulumi.Resource


class SpendingBudget(pulumi.ComponentResource):
    """A monthly cost budget with alerts on actual and forecast spending. It stops nothing.

    It is the account's, and its name says so: the workload that the limit includes does not carry the stack's tags, so
    a filter by tag would not see it.
    """

    budget_name: str

    def __init__(self, name: str, args: SpendingBudgetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:observability:SpendingBudget", name, None, opts)
        self.budget_name = spending_budget(args.place.environment)
        budgets.Budget(
            f"{name}-budget",
            name=self.budget_name,
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=f"{args.limit:.2f}",
            limit_unit="USD",
            notifications=[
                budgets.BudgetNotificationArgs(
                    comparison_operator="GREATER_THAN",
                    notification_type=kind,
                    threshold=percent,
                    threshold_type="PERCENTAGE",
                    subscriber_sns_topic_arns=[args.topic_arn],
                )
                for kind, percent in _ALERTS
            ],
            tags=args.place.tags(args.stage),
            # Budgets checks at once whether it may publish to the topic.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[args.topic_policy]),
        )
        self.register_outputs({"budget_name": self.budget_name})
