"""AWS Backup: vaults, plans, selections."""

from __future__ import annotations

import contextlib
from typing import Any

from local.endpoint import Endpoint
from local.resources.kind import Kind, Made, Properties, pascal, upsert


def _create_vault(endpoint: Endpoint, properties: Properties) -> Made:
    backup, name = endpoint.client("backup"), properties["name"]
    with contextlib.suppress(backup.exceptions.AlreadyExistsException):
        backup.create_backup_vault(BackupVaultName=name, BackupVaultTags=properties.get("tags") or {})
    return Made(
        name, {"arn": backup.describe_backup_vault(BackupVaultName=name)["BackupVaultArn"], "recoveryPoints": 0}
    )


def _delete_vault(endpoint: Endpoint, name: str, _: Properties) -> None:
    endpoint.client("backup").delete_backup_vault(BackupVaultName=name)


def _vault_there(endpoint: Endpoint, name: str) -> bool:
    backup = endpoint.client("backup")
    try:
        backup.describe_backup_vault(BackupVaultName=name)
    except backup.exceptions.ResourceNotFoundException:
        return False
    return True


def _rule(rule: Properties) -> dict[str, Any]:
    request: dict[str, Any] = {
        "RuleName": rule["ruleName"], "TargetBackupVaultName": rule["targetVaultName"],
        "ScheduleExpression": rule["schedule"], "RecoveryPointTags": rule.get("recoveryPointTags") or {},
    }  # fmt: skip
    if rule.get("lifecycle"):
        request["Lifecycle"] = {f"{key[:1].upper()}{key[1:]}Days": value for key, value in rule["lifecycle"].items()}
    for name, target in (("startWindow", "StartWindowMinutes"), ("completionWindow", "CompletionWindowMinutes")):
        if rule.get(name):
            request[target] = rule[name]
    return request


def _named(backup: Any, name: str) -> str | None:
    plans = backup.list_backup_plans()["BackupPlansList"]
    return next((str(plan["BackupPlanId"]) for plan in plans if plan["BackupPlanName"] == name), None)


def _create_plan(endpoint: Endpoint, properties: Properties) -> Made:
    backup, name = endpoint.client("backup"), properties["name"]
    left_over = _named(backup, name)
    if left_over:
        backup.delete_backup_plan(BackupPlanId=left_over)
    plan = {"BackupPlanName": name, "Rules": [_rule(rule) for rule in properties["rules"]]}
    made = backup.create_backup_plan(BackupPlan=plan, BackupPlanTags=properties.get("tags") or {})
    return Made(made["BackupPlanId"], {"arn": made["BackupPlanArn"], "version": made["VersionId"]})


def _delete_plan(endpoint: Endpoint, plan: str, _: Properties) -> None:
    endpoint.client("backup").delete_backup_plan(BackupPlanId=plan)


def _create_selection(endpoint: Endpoint, properties: Properties) -> Made:
    selection = {"SelectionName": properties["name"], "IamRoleArn": properties["iamRoleArn"]}
    selection |= pascal({key: properties[key] for key in ("resources", "notResources") if properties.get(key)})
    backup, plan = endpoint.client("backup"), properties["planId"]
    for listed in backup.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"]:
        if listed["SelectionName"] == properties["name"]:
            backup.delete_backup_selection(BackupPlanId=plan, SelectionId=listed["SelectionId"])
    made = backup.create_backup_selection(BackupPlanId=plan, BackupSelection=selection)
    return Made(made["SelectionId"])


def _delete_selection(endpoint: Endpoint, selection: str, properties: Properties) -> None:
    endpoint.client("backup").delete_backup_selection(BackupPlanId=properties["planId"], SelectionId=selection)


KINDS: dict[str, Kind] = {
    "aws:backup/vault:Vault": upsert(_create_vault, _delete_vault, "name", there=_vault_there),
    "aws:backup/plan:Plan": Kind(create=_create_plan, delete=_delete_plan),
    "aws:backup/selection:Selection": Kind(create=_create_selection, delete=_delete_selection),
}
