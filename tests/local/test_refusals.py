"""The local cloud refuses what AWS refuses when something is deleted, or made a second time."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from local.dynamic_provider import DynamicProvider
from local.endpoint import Endpoint
from local.errors import LocalCloudError
from local.provisioner import LocalProvisioner
from local.state import StackState
from preview.errors import ProvisionError
from preview.registration import Registration

pytestmark = pytest.mark.cloud
_TRUST = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"backup.amazonaws.com"},'
    '"Action":"sts:AssumeRole"}]}'
)
_TABLE: dict[str, Any] = {
    "billingMode": "PAY_PER_REQUEST",
    "hashKey": "id",
    "attributes": [{"name": "id", "type": "S"}],
}
_MADE_ONCE: list[tuple[str, str, dict[str, Any]]] = [
    ("aws:dynamodb/table:Table", "name", _TABLE),
    ("aws:s3/bucket:Bucket", "bucket", {}),
    ("aws:backup/vault:Vault", "name", {}),
    ("aws:iam/role:Role", "name", {"assumeRolePolicy": _TRUST}),
    ("aws:cloudwatch/logGroup:LogGroup", "name", {}),
]


@pytest.fixture
def name() -> str:
    return f"refusal-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def provisioner(endpoint: Endpoint, tmp_path: Path) -> Iterator[LocalProvisioner]:
    made = _provisioner(endpoint, tmp_path)
    yield made
    for held in list(made._state.resources.values()):
        held.retain = False
    made.visited.clear()
    made.remove_unvisited()


def _provisioner(endpoint: Endpoint, folder: Path) -> LocalProvisioner:
    return LocalProvisioner(
        StackState.load(folder / "state.json"), endpoint, cast(DynamicProvider, None), lambda *_: None
    )


def _register(type_: str, **properties: Any) -> Registration:
    urn = f"urn:pulumi:t::p::{type_}::it"
    return Registration(urn=urn, type=type_, name="it", custom=True, properties=properties)


def _made(provisioner: LocalProvisioner, request: Registration) -> None:
    provisioner.create(request)
    provisioner.visited.clear()


def test_a_protected_table(endpoint: Endpoint, provisioner: LocalProvisioner, name: str) -> None:
    _made(provisioner, _register("aws:dynamodb/table:Table", name=name, deletionProtectionEnabled=True, **_TABLE))
    with pytest.raises(LocalCloudError, match=r"it \(aws:dynamodb/table:Table\).*DeletionProtectionEnabled"):
        provisioner.remove_unvisited()
    dynamodb = endpoint.client("dynamodb")
    assert dynamodb.describe_table(TableName=name)["Table"]["DeletionProtectionEnabled"]
    dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
    provisioner.remove_unvisited()
    assert name not in dynamodb.list_tables()["TableNames"]


@pytest.mark.parametrize("marker", [False, True], ids=["version", "marker"])
def test_a_bucket_with_anything_in_it(
    endpoint: Endpoint, provisioner: LocalProvisioner, name: str, marker: bool
) -> None:
    _made(provisioner, _register("aws:s3/bucket:Bucket", bucket=name))
    s3 = endpoint.client("s3")
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    left = s3.put_object(Bucket=name, Key="a", Body=b"")["VersionId"]
    if marker:
        version, left = left, s3.delete_object(Bucket=name, Key="a")["VersionId"]
        s3.delete_object(Bucket=name, Key="a", VersionId=version)
    with pytest.raises(LocalCloudError, match="BucketNotEmpty"):
        provisioner.remove_unvisited()
    s3.delete_object(Bucket=name, Key="a", VersionId=left)
    provisioner.remove_unvisited()
    assert name not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}


def test_a_bucket_that_may_be_emptied_is(endpoint: Endpoint, provisioner: LocalProvisioner, name: str) -> None:
    _made(provisioner, _register("aws:s3/bucket:Bucket", bucket=name, forceDestroy=True))
    s3 = endpoint.client("s3")
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=name, Key="a", Body=b"")
    s3.delete_object(Bucket=name, Key="a")
    provisioner.remove_unvisited()
    assert name not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}


def test_a_vault_with_a_recovery_point(endpoint: Endpoint, provisioner: LocalProvisioner, name: str) -> None:
    _made(provisioner, _register("aws:backup/vault:Vault", name=name))
    backup = endpoint.client("backup")
    table = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
    role = "arn:aws:iam::123456789012:role/refusal"
    job = backup.start_backup_job(BackupVaultName=name, ResourceArn=table, IamRoleArn=role)["BackupJobId"]
    with pytest.raises(LocalCloudError, match="contains recovery points"):
        provisioner.remove_unvisited()
    while "RecoveryPointArn" not in (found := backup.describe_backup_job(BackupJobId=job)):
        pass
    with pytest.raises(LocalCloudError, match="contains recovery points"):
        provisioner.remove_unvisited()
    point = found["RecoveryPointArn"]
    backup.delete_recovery_point(BackupVaultName=name, RecoveryPointArn=point)
    with pytest.raises(backup.exceptions.ResourceNotFoundException):
        backup.delete_recovery_point(BackupVaultName=name, RecoveryPointArn=point)
    provisioner.remove_unvisited()


def test_a_role_with_a_policy_that_somebody_attached(
    endpoint: Endpoint, provisioner: LocalProvisioner, name: str
) -> None:
    _made(provisioner, _register("aws:iam/role:Role", name=name, assumeRolePolicy=_TRUST))
    iam = endpoint.client("iam")
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
    arn = iam.create_policy(PolicyName=name, PolicyDocument=str(policy).replace("'", '"'))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    with pytest.raises(LocalCloudError, match="DeleteConflict"):
        provisioner.remove_unvisited()
    iam.detach_role_policy(RoleName=name, PolicyArn=arn)
    iam.delete_policy(PolicyArn=arn)
    provisioner.remove_unvisited()


def test_a_plan_with_selections(endpoint: Endpoint, name: str) -> None:
    backup = endpoint.client("backup")
    rules = [{"RuleName": "r", "TargetBackupVaultName": name}]
    plan = backup.create_backup_plan(BackupPlan={"BackupPlanName": name, "Rules": rules})["BackupPlanId"]
    role = "arn:aws:iam::123456789012:role/refusal"
    selection = {"SelectionName": name, "IamRoleArn": role, "Resources": ["*"]}
    made = backup.create_backup_selection(BackupPlanId=plan, BackupSelection=selection)["SelectionId"]
    with pytest.raises(ClientError, match="selections must be deleted"):
        backup.delete_backup_plan(BackupPlanId=plan)
    backup.delete_backup_selection(BackupPlanId=plan, SelectionId=made)
    backup.delete_backup_plan(BackupPlanId=plan)


@pytest.mark.parametrize(("type_", "key", "properties"), _MADE_ONCE)
def test_what_exists_is_made_once_and_taken_back_when_named(
    endpoint: Endpoint, provisioner: LocalProvisioner, tmp_path: Path, name: str, type_: str, key: str, properties: Any
) -> None:
    request = replace(_register(type_, **{key: name}, **properties), retain_on_delete=True)
    adopting = replace(request, import_id=name)
    with pytest.raises(ProvisionError, match=f"there is no {name} to take back"):
        provisioner.create(adopting)
    _made(provisioner, request)
    provisioner.remove_unvisited()
    assert (provisioner.changes.kept, provisioner.changes.deleted) == (["it"], [])
    again = _provisioner(endpoint, tmp_path)
    with pytest.raises(ProvisionError, match="exists already"):
        again.create(request)
    again.create(adopting)
    assert (again.changes.adopted, again.changes.created) == (["it"], [])
    # From now on the state holds it, with the option or without.
    again.create(request)
    assert again.changes.same == ["it"]
    provisioner._state.resources.update(again._state.resources)


def test_what_is_kept_is_not_deleted_for_another_either(
    endpoint: Endpoint, provisioner: LocalProvisioner, name: str
) -> None:
    table = replace(_register("aws:dynamodb/table:Table", name=name, **_TABLE), retain_on_delete=True)
    _made(provisioner, table)
    other = {**_TABLE, "hashKey": "key", "attributes": [{"name": "key", "type": "S"}], "name": name}
    with pytest.raises(ProvisionError, match="exists already"):
        provisioner.create(replace(table, properties=other))
    keys = endpoint.client("dynamodb").describe_table(TableName=name)["Table"]["KeySchema"]
    assert keys == [{"AttributeName": "id", "KeyType": "HASH"}]


def test_the_option_alone_is_remembered(provisioner: LocalProvisioner, name: str) -> None:
    request = _register("aws:s3/bucket:Bucket", bucket=name)
    for retain in (True, False, True):
        provisioner.create(replace(request, retain_on_delete=retain))
        assert StackState.load(provisioner._state.file).resources[request.urn].retain is retain
