from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from local.deployment import LocalStack
from local.endpoint import Endpoint
from local.errors import LocalCloudError
from local.export import deployment
from local.provisioner import LocalProvisioner
from local.server import Running
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


def test_a_run_cut_off_after_an_effect_is_resumed(
    cloud: Running, stack: LocalStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.up()
    state = stack.state()
    cut = [held for held in state.resources.values() if held.custom][::4]
    for held in cut:
        held.pending, held.outputs = True, {}
    state.save()
    names = _alarms(cloud)
    stack.up()
    assert not any(held.pending for held in stack.state().resources.values())
    assert _alarms(cloud) == names


def test_what_a_restarted_cloud_lost_is_forgotten(stack: LocalStack) -> None:
    stack.up()
    state = stack.state()
    state.forget_if_cloud_is_new("another")
    assert state.resources == {}


def test_only_this_machine_is_reached() -> None:
    with pytest.raises(LocalCloudError, match="not on this machine"):
        Endpoint("https://dynamodb.us-east-1.amazonaws.com")


def test_a_profile_of_the_user_is_not_read(cloud: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    assert Endpoint(cloud.endpoint.url).client("sns").list_topics()["Topics"] == []


def test_a_type_nothing_emulates_is_listed(stack: LocalStack) -> None:
    from preview.registration import Registration

    state = stack.state()
    maker = LocalProvisioner(state, Endpoint("http://127.0.0.1:1"), None, lambda *_: None)  # type: ignore[arg-type]
    urn = "urn:pulumi:dev::ial::aws:foo/bar:Bar::it"
    maker.create(Registration(urn=urn, type="aws:foo/bar:Bar", name="it", custom=True))
    assert maker.changes.recorded_only == ["it (aws:foo/bar:Bar)"]
    state.file.unlink(missing_ok=True)


def test_every_option_of_the_program_is_held_and_nothing_only_recorded(cloud: Running, stack: LocalStack) -> None:
    options = {"ial:slo": '{"target": 0.99}', "ial:backup": '{"restoreTesting": true, "includeDatabase": true}'}
    every = LocalStack(replace(stack.project, config={**stack.project.config, **options}))
    assert every.up().changes.recorded_only == []
    client = cloud.endpoint.client
    assert len(client("cloudwatch").describe_alarms()["CompositeAlarms"]) == 3
    assert len(client("backup").list_restore_testing_plans()["RestoreTestingPlans"]) == 1
    # The options are gone from the settings, so their resources go from the cloud.
    assert [name for name in stack.up().changes.deleted if "burn-rate" in name]
    assert client("cloudwatch").describe_alarms()["CompositeAlarms"] == []
    assert client("backup").list_restore_testing_plans()["RestoreTestingPlans"] == []


def test_what_is_deployed_costs_what_the_preview_said(stack: LocalStack) -> None:
    from preview.program import record
    from pricing.estimate import estimate
    from pricing.price_book import PriceBook
    from pricing.usage import Usage

    stack.up()
    deployed = read_state_export(deployment(stack.state()), "state.json").graph
    book, day = PriceBook.load(), date(2026, 11, 25)
    graphs = (record(stack.project).graph, deployed)
    previewed, held = (estimate(graph, Usage(), book, region="us-east-1", today=day) for graph in graphs)
    assert previewed.total == held.total
    assert len(previewed.resources) == len(held.resources)
