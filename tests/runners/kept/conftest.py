from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from local.endpoint import Endpoint
from local.server import Running
from runners.aws.holders.buckets import BucketHolder
from runners.aws.holders.log_groups import LogGroupHolder
from runners.aws.holders.patience import Patience
from runners.aws.holders.roles import RoleHolder
from runners.aws.holders.tables import TableHolder
from runners.aws.holders.vaults import VaultHolder
from runners.aws.session import AwsClients
from runners.kept.holders import Holders
from runners.kept.kept import Kept, ordered
from runners.kept.notes import Notes
from runners.kept.removal import Removal
from runners.runs.clock import SystemClock

ACCOUNT = "123456789012"
_TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
_POLICY = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


@pytest.fixture(scope="session")
def holders(clients: AwsClients) -> Holders:
    """The production adapters, at the local cloud."""
    patience = Patience(SystemClock(), timedelta(milliseconds=20))
    return {
        "table": TableHolder(clients, patience),
        "bucket": BucketHolder(clients, patience, ACCOUNT),
        "log group": LogGroupHolder(clients),
        "vault": VaultHolder(clients, patience),
        "role": RoleHolder(clients),
    }


@pytest.fixture
def removal(holders: Holders, tmp_path: Path) -> Iterator[Removal]:
    with Notes.open(tmp_path, "dev", SystemClock()) as notes:
        yield Removal(holders=holders, notes=notes, say=lambda _: None)


class Filled:
    """One of each kind, with data in it, under every protection that AWS has for it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._client, self.environment = endpoint.client, f"e{uuid.uuid4().hex[:8]}"
        self.prefix = f"ial-{self.environment}"
        kinds = ("table", "bucket", "log group", "vault", "role")
        found = [Kept(kind=kind, name=self.name(kind), environment=self.environment) for kind in kinds]
        self.kept = list(ordered(found))

    def name(self, kind: str) -> str:
        return f"{self.prefix}-{'backup' if kind == 'role' else kind.replace(' ', '-')}"

    def of(self, kind: str) -> Kept:
        return next(held for held in self.kept if held.kind == kind)

    def fill(self) -> None:
        for make in (self._table, self._bucket, self._log_group, self._role, self._vault):
            make()

    def there(self) -> list[str]:
        """Asked of the lists, not of what the code under test asks."""
        client = self._client
        names = [
            *client("dynamodb").list_tables()["TableNames"],
            *(held["Name"] for held in client("s3").list_buckets()["Buckets"]),
            *(held["logGroupName"] for held in client("logs").describe_log_groups()["logGroups"]),
            *(held["BackupVaultName"] for held in client("backup").list_backup_vaults()["BackupVaultList"]),
            *(held["RoleName"] for held in client("iam").list_roles()["Roles"]),
        ]
        return [name for name in names if name.startswith(self.prefix)]

    @property
    def _tags(self) -> dict[str, str]:
        return {"managed-by": "ial", "environment": self.environment}

    @property
    def _tag_list(self) -> list[dict[str, str]]:
        return [{"Key": key, "Value": value} for key, value in self._tags.items()]

    def _table(self) -> None:
        dynamodb, name = self._client("dynamodb"), self.name("table")
        dynamodb.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            DeletionProtectionEnabled=True,
            Tags=self._tag_list,
        )
        dynamodb.put_item(TableName=name, Item={"id": {"S": "1"}})

    def _bucket(self) -> None:
        s3, name = self._client("s3"), self.name("bucket")
        s3.create_bucket(Bucket=name)
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": self._tag_list})
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        for key in ("a", "a", "ü/1 %2F+", "gone"):
            s3.put_object(Bucket=name, Key=key, Body=b"x")
        s3.delete_object(Bucket=name, Key="gone")
        s3.create_multipart_upload(Bucket=name, Key="unfinished")

    def _log_group(self) -> None:
        self._client("logs").create_log_group(logGroupName=self.name("log group"), tags=self._tags)

    def _role(self) -> None:
        iam, name = self._client("iam"), self.name("role")
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=_TRUST, Tags=self._tag_list)
        policy = json.dumps({"Version": "2012-10-17", "Statement": [_POLICY]})
        iam.put_role_policy(RoleName=name, PolicyName="ial", PolicyDocument=policy)

    def _vault(self) -> None:
        self._client("backup").create_backup_vault(BackupVaultName=self.name("vault"), BackupVaultTags=self._tags)
        for _ in range(2):
            self.copy(self.name("role"))

    def copy(self, role: str) -> str:
        """One recovery point in the vault."""
        backup = self._client("backup")
        job = backup.start_backup_job(
            BackupVaultName=self.name("vault"),
            ResourceArn=f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders",
            IamRoleArn=f"arn:aws:iam::{ACCOUNT}:role/{role}",
        )["BackupJobId"]
        for _ in range(600):
            found = backup.describe_backup_job(BackupJobId=job)
            if found["State"] == "COMPLETED":
                return str(found["RecoveryPointArn"])
            time.sleep(0.05)
        pytest.fail("the copy did not end")


@pytest.fixture
def filled(cloud: Running, holders: Holders) -> Iterator[Filled]:
    found = Filled(cloud.endpoint)
    found.fill()
    yield found
    for held in found.kept:
        holders[held.kind].remove(held)


@pytest.fixture
def client(cloud: Running) -> Callable[[str], Any]:
    return cloud.endpoint.client
