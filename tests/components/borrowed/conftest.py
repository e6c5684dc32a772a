from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
import botocore.client
import pytest
from moto import mock_aws

from components.borrowed import access
from local.bucket_policies import heed_conditions

REGION, ACCOUNT = "us-east-1", "123456789012"
PLACE = {"account": ACCOUNT, "environment": "dev", "region": REGION}
GROUP, TABLE, CLUSTER, BUCKET = "/ecs/shop-web", "orders", "shop", "shop-assets"
READS = ("Get", "List", "Describe")
_CALL = botocore.client.BaseClient._make_api_call  # type: ignore[attr-defined]


class Killed(BaseException):
    """No `except Exception` may hold it up, as none holds up a kill."""


@dataclass
class Calls:
    """Every writing call: what it was, what to look at after it, and where the process ends."""

    after_each: Callable[[str], None] = lambda _: None
    dies_at: int = 0
    after_effect: bool = False
    made: list[str] = field(default_factory=list)
    looking: bool = False

    def make(self, client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        if self.looking or operation.startswith(READS):
            return _CALL(client, operation, parameters)
        self.made.append(operation)
        dies = len(self.made) == self.dies_at
        if dies and not self.after_effect:
            raise Killed
        answer = _CALL(client, operation, parameters)
        self.looking = True
        self.after_each(operation)
        self.looking = False
        if dies:
            raise Killed
        return answer


@contextmanager
def watched(calls: Calls) -> Iterator[Calls]:
    """Lets the calls of this block through `calls`."""
    patch = pytest.MonkeyPatch()
    patch.setattr(
        botocore.client.BaseClient,
        "_make_api_call",
        lambda client, operation, given: calls.make(client, operation, given),
    )
    try:
        yield calls
    finally:
        patch.undo()


class Owner:
    """The workload's owner: sets and reads each setting directly, with nothing of the product between."""

    def __init__(self) -> None:
        client: Any = boto3.client
        self.logs, self.dynamodb, self.ecs, self.s3, self.ssm = (
            client(service, REGION) for service in ("logs", "dynamodb", "ecs", "s3", "ssm")
        )

    def create(self) -> None:
        self.dynamodb.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        self.logs.create_log_group(logGroupName=GROUP)
        self.logs.create_log_group(logGroupName=f"{GROUP}-canary")
        self.ecs.create_cluster(clusterName=CLUSTER, settings=[{"name": "containerInsights", "value": "disabled"}])
        self.s3.create_bucket(Bucket=BUCKET)

    def set_retention(self, days: int) -> None:
        if days:
            self.logs.put_retention_policy(logGroupName=GROUP, retentionInDays=days)
        else:
            self.logs.delete_retention_policy(logGroupName=GROUP)

    def retention(self) -> int:
        (group,) = [
            found
            for found in self.logs.describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"]
            if found["logGroupName"] == GROUP
        ]
        return int(group.get("retentionInDays", 0))

    def set_recovery(self, days: int) -> None:
        asked: dict[str, Any] = {"PointInTimeRecoveryEnabled": days > 0}
        if days:
            asked["RecoveryPeriodInDays"] = days
        self.dynamodb.update_continuous_backups(TableName=TABLE, PointInTimeRecoverySpecification=asked)

    def recovery(self) -> int:
        """Days, 0 when it is off."""
        answer = self.dynamodb.describe_continuous_backups(TableName=TABLE)["ContinuousBackupsDescription"]
        found = answer["PointInTimeRecoveryDescription"]
        return int(found["RecoveryPeriodInDays"]) if found["PointInTimeRecoveryStatus"] == "ENABLED" else 0

    def set_deletion(self, on: bool) -> None:
        self.dynamodb.update_table(TableName=TABLE, DeletionProtectionEnabled=on)

    def deletion(self) -> bool:
        return bool(self.dynamodb.describe_table(TableName=TABLE)["Table"].get("DeletionProtectionEnabled"))

    def set_insights(self, value: str) -> None:
        self.ecs.update_cluster(cluster=CLUSTER, settings=[{"name": "containerInsights", "value": value}])

    def insights(self) -> str:
        (cluster,) = self.ecs.describe_clusters(clusters=[CLUSTER], include=["SETTINGS"])["clusters"]
        return str(cluster["settings"][0]["value"])

    def new_bucket(self) -> None:
        """S3 never forgets versioning, so the bucket is made anew."""
        self.s3.delete_bucket(Bucket=BUCKET)
        self.s3.create_bucket(Bucket=BUCKET)

    def set_versioning(self, status: str | None) -> None:
        if status:
            self.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": status})

    def versioning(self) -> str | None:
        status: str | None = self.s3.get_bucket_versioning(Bucket=BUCKET).get("Status")
        return status

    def set_rules(self, rules: list[dict[str, Any]]) -> None:
        if rules:
            self.s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": rules})

    def rules(self) -> list[dict[str, Any]]:
        return self._or_none("get_bucket_lifecycle_configuration", "Rules") or []

    def set_policy(self, policy: Any) -> None:
        if policy:
            self.s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))

    def policy(self) -> Any:
        text = self._or_none("get_bucket_policy", "Policy")
        return None if text is None else json.loads(text)

    def set_encryption(self, default: dict[str, str] | None) -> None:
        if default:
            rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
            self.s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [rule]})

    def encryption(self) -> Any:
        return self._or_none("get_bucket_encryption", "ServerSideEncryptionConfiguration")

    def set_access(self, flags: dict[str, bool] | None) -> None:
        if flags:
            self.s3.put_public_access_block(Bucket=BUCKET, PublicAccessBlockConfiguration=flags)

    def access(self) -> Any:
        return self._or_none("get_public_access_block", "PublicAccessBlockConfiguration")

    def notes(self) -> list[str]:
        """What is remembered about the settings: nothing, when all was given back."""
        found = self.ssm.describe_parameters()["Parameters"]
        return sorted(parameter["Name"] for parameter in found)

    def _or_none(self, operation: str, key: str) -> Any:
        try:
            return getattr(self.s3, operation)(Bucket=BUCKET)[key]
        except self.s3.exceptions.ClientError:
            return None


@pytest.fixture(scope="module")
def owner() -> Iterator[Owner]:
    """An account with an example workload, in this process."""
    patch = pytest.MonkeyPatch()
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        patch.delenv(name, raising=False)
    access._client.cache_clear()
    access._session.cache_clear()
    # moto denies whatever a statement denies, whatever its condition.
    heed_conditions()
    with mock_aws():
        found = Owner()
        found.create()
        yield found
    access._client.cache_clear()
    access._session.cache_clear()
    patch.undo()
