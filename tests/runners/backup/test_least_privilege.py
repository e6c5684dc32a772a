"""The drill role against the calls that a full recovery test really makes: each is allowed, and nothing is idle."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import pytest

from runners.aws.session import AwsClients
from runners.backup.evidence import Verdict
from runners.backup.recovery_test import RecoveryTest, carry_out_all
from runners.wiring.drills import DrillPlan
from tests.iam_evaluator import Call, is_allowed
from tests.runners.backup.conftest import Deployed

pytestmark = pytest.mark.cloud
ACCOUNT: Final = "us-east-1:123456789012"
SERVICES: Final = ("dynamodb", "s3", "rds", "cloudwatch", "scheduler", "fis", "application-autoscaling")
# IAM's names for calls that are named otherwise.
ACTIONS: Final = {
    "s3:GetBucketLifecycleConfiguration": ["s3:GetLifecycleConfiguration"],
    "s3:ListObjectVersions": ["s3:ListBucketVersions"],
    "s3:CopyObject": ["s3:PutObject"],
    "s3:DeleteObjects": ["s3:DeleteObjectVersion"],
    "s3:HeadObject": ["s3:GetObject"],
    "s3:ListObjectsV2": ["s3:ListBucket"],
    "s3:GetObjectLockConfiguration": ["s3:GetBucketObjectLockConfiguration"],
}
# IAM asks for another right where a version is named.
OF_VERSIONS: Final = {
    "s3:GetObject": "s3:GetObjectVersion",
    "s3:GetObjectAcl": "s3:GetObjectVersionAcl",
    "s3:GetObjectTagging": "s3:GetObjectVersionTagging",
}
# The attribute that the workload's and the stack's tables are keyed by, of which IAM sees the values.
KEYS: Final = {"ial-dev-records": "run"}
# Allowed and not called in this test: what each of them is for.
IDLE: Final = {
    # AWS asks for these of whoever restores a table.
    *("dynamodb:BatchWriteItem", "dynamodb:UpdateItem"),
    # Leftovers are found by name.
    "dynamodb:ListTables",
    # AWS asks for these of whoever copies what is tagged, and for the last where a copy in parts is given up.
    *("s3:GetObjectTagging", "s3:GetObjectVersionTagging", "s3:PutObjectTagging", "s3:AbortMultipartUpload"),
    # How far back a restore can reach: a drill takes the latest time.
    "rds:DescribeDBInstanceAutomatedBackups",
    # AWS asks for it of whoever tags what is restored.
    "rds:AddTagsToResource",
    # Asked by UpdateSchedule.
    "iam:PassRole",
    # Copies and analysis: other commands of the same role.
    *("backup:StartBackupJob", "backup:ListRecoveryPointsByBackupVault", "backup:DescribeBackupJob"),
    *("cloudwatch:GetMetricData", "cloudwatch:DescribeAlarmHistory"),
    # The month's bill in a report, which is of the same role too.
    *("budgets:ViewBudget", "budgets:ListTagsForResource"),
}


def resources(operation: str, given: dict[str, Any]) -> list[str]:
    """The ARNs that IAM would ask about."""
    service, _ = operation.split(":")
    if service == "dynamodb":
        name = str(given.get("TableName") or given.get("SourceTableName") or given.get("ResourceArn"))
        arns = [name if name.startswith("arn:") else f"arn:aws:dynamodb:{ACCOUNT}:table/{name}"]
        if "IndexName" in given:
            return [f"arn:aws:dynamodb:{ACCOUNT}:table/{name}/index/{given['IndexName']}"]
        target = given.get("TargetTableName")
        return arns + ([f"arn:aws:dynamodb:{ACCOUNT}:table/{target}"] if target else [])
    if service == "rds":
        keys = ("DBInstanceIdentifier", "SourceDBInstanceIdentifier", "TargetDBInstanceIdentifier")
        return [f"arn:aws:rds:{ACCOUNT}:db:{given[key]}" for key in keys if key in given]
    if service == "s3":
        bucket = f"arn:aws:s3:::{given['Bucket']}"
        listed = [f"{bucket}/{held['Key']}" for held in given.get("Delete", {}).get("Objects", [])]
        return listed or ([f"{bucket}/{given['Key']}"] if "Key" in given else [bucket])
    if operation == "scheduler:GetSchedule" or operation == "scheduler:UpdateSchedule":
        return [f"arn:aws:scheduler:{ACCOUNT}:schedule/default/{given['Name']}"]
    if operation == "cloudwatch:GetDashboard":
        return [f"arn:aws:cloudwatch::123456789012:dashboard/{given['DashboardName']}"]
    if operation == "fis:GetExperimentTemplate":
        return [f"arn:aws:fis:{ACCOUNT}:experiment-template/{given['id']}"]
    if operation == "cloudwatch:DescribeAlarms":
        return [f"arn:aws:cloudwatch:{ACCOUNT}:alarm:x"]
    return ["*"]


def statements(deployed: Deployed) -> list[dict[str, Any]]:
    """The role's policy as it stands in the account."""
    found = deployed.client("iam").get_role_policy(RoleName="ial-dev-runner-drill", PolicyName="ial")
    document = found["PolicyDocument"]
    parsed = json.loads(unquote(document)) if isinstance(document, str) else document
    held: list[dict[str, Any]] = parsed["Statement"]
    return held


def context(operation: str, given: dict[str, Any]) -> dict[str, str | list[str]]:
    """What IAM knows of the request beside its resource."""
    if operation == "cloudwatch:PutMetricData":
        return {"cloudwatch:namespace": given["Namespace"]}
    item = given.get("Item") or given.get("Key")
    if operation.startswith("dynamodb:") and isinstance(item, dict):
        [value] = item[KEYS.get(given["TableName"], "id")].values()
        return {"dynamodb:LeadingKeys": [value]}
    return {}


@pytest.fixture
def called(deployed: Deployed) -> list[tuple[str, dict[str, Any]]]:
    """Every call of a full recovery test."""
    clients = AwsClients("us-east-1", endpoint=deployed.running.endpoint.url, keys=("local", "local", None))
    base = deployed.access()
    access = replace(base, clients=clients, say=lambda _: None)
    calls: list[tuple[str, dict[str, Any]]] = []

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        calls.append((f"{model.service_model.service_name}:{model.name}", dict(params)))

    for client in [*(clients.client(name) for name in SERVICES), clients.whole_pages()]:
        client.meta.events.register("before-parameter-build", note)
    plan = DrillPlan(access, "true")
    drills, _ = plan.chosen([])
    records, left_out = carry_out_all(drills, plan.life_cycle().run)
    plan.signals().test(RecoveryTest(stack=access.stack, full=True, records=records, left_out=left_out))
    assert [record.verdict for record in records] == [Verdict.PASSED] * 5
    assert urlsplit(deployed.running.endpoint.url).hostname == "127.0.0.1"
    return calls


def test_every_call_is_allowed_and_nothing_else_is(
    deployed: Deployed, called: list[tuple[str, dict[str, Any]]]
) -> None:
    held = statements(deployed)
    refused, used = set(), set()
    for operation, given in called:
        for action in ACTIONS.get(operation, [operation]):
            if "VersionId" in given:
                action = OF_VERSIONS.get(action, action)
            for resource in resources(operation, given):
                if not is_allowed(held, Call(action, resource, context(operation, given))):
                    refused.add((action, resource))
                used.add(action)
        if operation == "s3:CopyObject":
            # boto3 has made one text of it: BUCKET/KEY?versionId=ID.
            arn = f"arn:aws:s3:::{unquote(given['CopySource']).split('?')[0]}"
            if not is_allowed(held, Call("s3:GetObjectVersion", arn)):
                refused.add(("s3:GetObjectVersion", arn))
            used.add("s3:GetObjectVersion")
    assert refused == set()
    allowed = {action for statement in held for action in statement["Action"]}
    assert sorted(allowed - used - IDLE) == []
    assert sorted(IDLE & used | IDLE - allowed) == []
    assert len(used) > 25
