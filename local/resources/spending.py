"""AWS Budgets."""

from __future__ import annotations

import contextlib
from typing import Any

from local.endpoint import ACCOUNT, Endpoint
from local.resources.kind import Kind, Made, Properties, pascal


def _create(endpoint: Endpoint, properties: Properties) -> Made:
    budgets, name = endpoint.client("budgets"), properties["name"]
    with contextlib.suppress(budgets.exceptions.NotFoundException):
        budgets.delete_budget(AccountId=ACCOUNT, BudgetName=name)
    budget = {
        "BudgetName": name, "BudgetType": properties["budgetType"], "TimeUnit": properties["timeUnit"],
        "BudgetLimit": {"Amount": str(properties["limitAmount"]), "Unit": properties["limitUnit"]},
    }  # fmt: skip
    kept = {"CostFilters": {held["name"]: held["values"] for held in properties.get("costFilters") or []}}
    budget |= {key: value for key, value in kept.items() if value}
    alerts = [_alert(alert) for alert in properties.get("notifications") or []]
    tags = [{"Key": key, "Value": value} for key, value in (properties.get("tags") or {}).items()]
    budgets.create_budget(AccountId=ACCOUNT, Budget=budget, NotificationsWithSubscribers=alerts, ResourceTags=tags)
    return Made(f"{ACCOUNT}:{name}", {"arn": f"arn:aws:budgets::{ACCOUNT}:budget/{name}", "accountId": ACCOUNT})


def _alert(alert: Properties) -> dict[str, Any]:
    subscribers = [{"SubscriptionType": "SNS", "Address": arn} for arn in alert.get("subscriberSnsTopicArns") or []]
    subscribers += [
        {"SubscriptionType": "EMAIL", "Address": mail} for mail in alert.get("subscriberEmailAddresses") or []
    ]
    kept = ("comparisonOperator", "notificationType", "threshold", "thresholdType")
    notification = pascal({key: alert[key] for key in kept})
    return {"Notification": notification | {"Threshold": float(alert["threshold"])}, "Subscribers": subscribers}


def _delete(endpoint: Endpoint, _: str, properties: Properties) -> None:
    endpoint.client("budgets").delete_budget(AccountId=ACCOUNT, BudgetName=properties["name"])


KINDS: dict[str, Kind] = {"aws:budgets/budget:Budget": Kind(create=_create, delete=_delete)}
