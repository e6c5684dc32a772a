"""Restore tests of AWS Backup: the plan, and what it restores."""

from __future__ import annotations

from typing import Any

from local.endpoint import Endpoint
from local.resources.kind import Kind, Made, Properties, pascal, upsert


def _put_plan(endpoint: Endpoint, properties: Properties) -> Made:
    backup, name = endpoint.client("backup"), properties["name"]
    kept = ("recoveryPointSelection", "scheduleExpression", "scheduleExpressionTimezone", "startWindowHours")
    plan: dict[str, Any] = pascal({key: properties[key] for key in kept if properties.get(key)})
    try:
        made = backup.create_restore_testing_plan(
            RestoreTestingPlan={**plan, "RestoreTestingPlanName": name}, Tags=properties.get("tags") or {}
        )
    except backup.exceptions.AlreadyExistsException:
        made = backup.update_restore_testing_plan(RestoreTestingPlan=plan, RestoreTestingPlanName=name)
    return Made(name, {"arn": made["RestoreTestingPlanArn"]})


def _delete_plan(endpoint: Endpoint, name: str, _: Properties) -> None:
    endpoint.client("backup").delete_restore_testing_plan(RestoreTestingPlanName=name)


def _put_selection(endpoint: Endpoint, properties: Properties) -> Made:
    backup, name, plan = endpoint.client("backup"), properties["name"], properties["restoreTestingPlanName"]
    kept = ("iamRoleArn", "protectedResourceArns", "validationWindowHours")
    selection: dict[str, Any] = pascal({key: properties[key] for key in kept if properties.get(key)})
    fixed = {"RestoreTestingSelectionName": name, "ProtectedResourceType": properties["protectedResourceType"]}
    try:
        backup.create_restore_testing_selection(RestoreTestingPlanName=plan, RestoreTestingSelection=selection | fixed)
    except backup.exceptions.AlreadyExistsException:
        backup.update_restore_testing_selection(
            RestoreTestingPlanName=plan, RestoreTestingSelectionName=name, RestoreTestingSelection=selection
        )
    return Made(f"{name}:{plan}")


def _delete_selection(endpoint: Endpoint, _: str, properties: Properties) -> None:
    endpoint.client("backup").delete_restore_testing_selection(
        RestoreTestingPlanName=properties["restoreTestingPlanName"], RestoreTestingSelectionName=properties["name"]
    )


KINDS: dict[str, Kind] = {
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": upsert(_put_plan, _delete_plan, "name"),
    "aws:backup/restoreTestingSelection:RestoreTestingSelection": upsert(
        _put_selection, _delete_selection, "name", "restoreTestingPlanName", "protectedResourceType"
    ),
}
