from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from pulumi.dynamic.dynamic import serialize_provider

from components.backup.continuous_backups_provider import ContinuousBackupsProvider
from components.backup.deletion_protection_provider import DeletionProtectionProvider
from components.borrowed_setting import BorrowedSetting
from components.observability.cluster_insights_provider import ClusterInsightsProvider
from components.observability.log_retention_provider import LogRetentionProvider

REGION = "us-east-1"
RECOVERY = {"region": REGION, "table": "orders", "enabled": True, "recoveryPeriodInDays": 14}
DELETION = {"region": REGION, "table": "orders", "enabled": True}
RETENTION = {"region": REGION, "logGroup": "/ecs/shop-web", "retentionInDays": 14}
INSIGHTS = {"region": REGION, "cluster": "shop", "mode": "always", "value": "enabled"}
CASES = [
    (ContinuousBackupsProvider(), RECOVERY, {"enabled": False, "recoveryPeriodInDays": None}),
    (DeletionProtectionProvider(), DELETION, {"enabled": False}),
    (LogRetentionProvider(), RETENTION, {"retentionInDays": 0}),
    (ClusterInsightsProvider(), INSIGHTS, {"value": "disabled"}),
]
each = pytest.mark.parametrize(
    ("provider", "props", "before"), CASES, ids=[type(provider).__name__ for provider, _, _ in CASES]
)


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        boto3.client("dynamodb", REGION).create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        logs = boto3.client("logs", REGION)
        logs.create_log_group(logGroupName="/ecs/shop-web")
        logs.create_log_group(logGroupName="/ecs/shop-web-canary")
        boto3.client("ecs", REGION).create_cluster(
            clusterName="shop", settings=[{"name": "containerInsights", "value": "disabled"}]
        )
        yield


def _wanted(provider: BorrowedSetting, props: dict[str, Any]) -> dict[str, Any]:
    return {key: props[key] for key in provider.setting if key != "mode"}


@each
@pytest.mark.usefixtures("cloud")
def test_create_switches_and_delete_gives_back(
    provider: BorrowedSetting, props: dict[str, Any], before: dict[str, Any]
) -> None:
    assert provider.current(props) == before
    created = provider.create(props)
    assert created.outs == {**props, "earlier": before}
    assert provider.current(props) == _wanted(provider, props)
    provider.delete(created.id, created.outs)
    now = provider.current(props)
    assert now is not None
    assert {key: now[key] for key in before} == before


@each
@pytest.mark.usefixtures("cloud")
def test_creating_twice_changes_nothing(
    provider: BorrowedSetting, props: dict[str, Any], before: dict[str, Any]
) -> None:
    first = provider.create(props)
    again = provider.create(props)
    assert first.id == again.id
    assert provider.current(props) == _wanted(provider, props)


@each
@pytest.mark.usefixtures("cloud")
def test_what_is_gone_cannot_be_switched_and_need_not_be_given_back(
    provider: BorrowedSetting, props: dict[str, Any], before: dict[str, Any]
) -> None:
    gone = {**props, provider.identity[1]: "elsewhere"}
    with pytest.raises(LookupError, match="us-east-1/elsewhere does not exist"):
        provider.create(gone)
    provider.delete("elsewhere", {**gone, "earlier": before})
    assert not provider.read("elsewhere", gone).id


@each
@pytest.mark.usefixtures("cloud")
def test_a_refresh_sees_what_was_changed_by_hand(
    provider: BorrowedSetting, props: dict[str, Any], before: dict[str, Any]
) -> None:
    created = provider.create(props)
    provider.apply(props, before)
    seen = provider.read(created.id, {**props, "earlier": before})
    assert seen.outs is not None
    assert seen.outs["earlier"] == before
    assert provider.diff(created.id, seen.outs, props).changes
    assert not provider.diff(created.id, created.outs or {}, props).changes


@each
def test_another_resource_is_a_replacement(
    provider: BorrowedSetting, props: dict[str, Any], before: dict[str, Any]
) -> None:
    found = provider.diff("id", props, {**props, provider.identity[1]: "other"})
    assert found.replaces == [provider.identity[1]]
    assert found.delete_before_replace


@each
def test_the_pickled_provider_is_a_reference(
    provider: BorrowedSetting, props: dict[str, Any], before: dict[str, Any]
) -> None:
    assert len(serialize_provider(provider)) < 200


@pytest.mark.usefixtures("cloud")
def test_an_update_keeps_the_earliest_setting() -> None:
    provider = LogRetentionProvider()
    boto3.client("logs", REGION).put_retention_policy(logGroupName="/ecs/shop-web", retentionInDays=90)
    created = provider.create(RETENTION)
    updated = provider.update(created.id, created.outs or {}, {**RETENTION, "retentionInDays": 30})
    assert updated.outs is not None
    assert provider.current(RETENTION) == {"retentionInDays": 30}
    provider.delete(created.id, updated.outs)
    assert provider.current(RETENTION) == {"retentionInDays": 90}


@pytest.mark.usefixtures("cloud")
def test_numbers_come_back_from_the_engine_as_floats() -> None:
    provider = ContinuousBackupsProvider()
    boto3.client("dynamodb", REGION).update_continuous_backups(
        TableName="orders",
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 7},
    )
    created = provider.create({**RECOVERY, "recoveryPeriodInDays": 14.0})
    assert created.outs is not None
    earlier = {"enabled": True, "recoveryPeriodInDays": 7.0}
    provider.delete(created.id, {**created.outs, "earlier": earlier})
    assert provider.current(RECOVERY) == {"enabled": True, "recoveryPeriodInDays": 7}


@pytest.mark.usefixtures("cloud")
def test_game_days_are_no_drift() -> None:
    provider = ClusterInsightsProvider()
    props = {**INSIGHTS, "mode": "gameday", "value": "disabled"}
    created = provider.create(props)
    provider.apply(props, {"value": "enabled"})
    seen = provider.read(created.id, created.outs or {})
    assert not provider.diff(created.id, seen.outs or {}, props).changes
