from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.deployment import LocalStack
from local.endpoint import Endpoint
from local.errors import LocalCloudError
from local.export import deployment
from local.provisioner import LocalProvisioner
from local.server import Running
from local.state import StackState
from preview.state_export import read_state_export
from tests.local.leaving import leave_nothing

pytestmark = pytest.mark.cloud


def _alarms(cloud: Running) -> list[str]:
    found = cloud.endpoint.client("cloudwatch").describe_alarms()["MetricAlarms"]
    return sorted(alarm["AlarmName"] for alarm in found)


def _recovery(cloud: Running) -> str:
    answer = cloud.endpoint.client("dynamodb").describe_continuous_backups(TableName="orders")
    status: str = answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    return status


def test_up_creates_all_again_changes_nothing_and_down_leaves_nothing(cloud: Running, stack: LocalStack) -> None:
    before = _recovery(cloud)
    first = stack.up()
    assert first.changes.recorded_only == []
    assert "ial-dev-errors" in _alarms(cloud)
    assert len(cloud.endpoint.client("xray").get_groups()["Groups"]) == 1
    assert _recovery(cloud) == "ENABLED"
    assert first.outputs["ial"]["schema_version"] == 2
    assert ":123456789012:ial-dev-alerts" in json.dumps(first.outputs)

    second = stack.up()
    assert (second.changes.created, second.changes.updated, second.changes.replaced) == ([], [], [])
    assert sorted(second.changes.same) == sorted(first.changes.created)
    exported = deployment(stack.state())
    assert len(read_state_export(exported, "state.json").graph) >= len(first.changes.created)

    leave_nothing(stack)
    assert _alarms(cloud) == []
    assert _recovery(cloud) == before
    assert cloud.endpoint.client("sns").list_topics()["Topics"] == []
    assert cloud.endpoint.client("backup").list_backup_plans()["BackupPlansList"] == []
    assert [b["Name"] for b in cloud.endpoint.client("s3").list_buckets()["Buckets"]] == ["shop-assets-123456789012"]
    assert cloud.endpoint.client("dynamodb").list_tables()["TableNames"] == ["orders"]
    with pytest.raises(LocalCloudError, match="is not up"):
        stack.outputs()


def test_only_this_machine_is_reached() -> None:
    with pytest.raises(LocalCloudError, match="not on this machine"):
        Endpoint("https://dynamodb.us-east-1.amazonaws.com")


def test_a_profile_of_the_user_is_not_read(cloud: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    assert Endpoint(cloud.endpoint.url).client("sns").list_topics()["Topics"] == []


def test_a_type_nothing_emulates_is_listed(tmp_path: Path) -> None:
    from preview.registration import Registration

    state = StackState(tmp_path / "state.json")
    maker = LocalProvisioner(state, Endpoint("http://127.0.0.1:1"), None, lambda *_: None)  # type: ignore[arg-type]
    urn = "urn:pulumi:dev::ial::aws:foo/bar:Bar::it"
    maker.create(Registration(urn=urn, type="aws:foo/bar:Bar", name="it", custom=True))
    assert maker.changes.recorded_only == ["it (aws:foo/bar:Bar)"]
