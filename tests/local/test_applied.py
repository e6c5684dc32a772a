"""A stack that is up: what its state is worth after a crash and a restart, with every option, and beside a preview."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from local.deployment import LocalStack
from local.export import deployment
from local.server import Running
from preview.project import Project
from preview.state_export import read_state_export
from tests.local.conftest import ROOT
from tests.local.leaving import leave_nothing

pytestmark = pytest.mark.cloud


@pytest.fixture(scope="module")
def applied(cloud: Running, folder: Path) -> Iterator[LocalStack]:
    """A stack that is up, for tests that leave it so; an `up` at their end would change nothing."""
    found = LocalStack(replace(Project.load(ROOT, "dev"), directory=folder))
    found.up()
    yield found
    leave_nothing(found)


def _alarms(cloud: Running) -> list[str]:
    found = cloud.endpoint.client("cloudwatch").describe_alarms()["MetricAlarms"]
    return sorted(alarm["AlarmName"] for alarm in found)


def test_a_run_cut_off_after_an_effect_is_resumed(cloud: Running, applied: LocalStack) -> None:
    state = applied.state()
    cut = [held for held in state.resources.values() if held.custom][::4]
    for held in cut:
        held.pending, held.outputs = True, {}
    state.save()
    names = _alarms(cloud)
    applied.up()
    assert not any(held.pending for held in applied.state().resources.values())
    assert _alarms(cloud) == names


def test_what_a_restarted_cloud_lost_is_forgotten(applied: LocalStack) -> None:
    state = applied.state()
    assert state.resources
    state.forget_if_cloud_is_new("another")
    assert state.resources == {}


def test_every_option_of_the_program_is_held_and_nothing_only_recorded(cloud: Running, applied: LocalStack) -> None:
    options = {
        "ial:slo": '{"target": 0.99}',
        "ial:backup": '{"restoreTesting": true, "includeDatabase": true}',
        "ial:fleetRecords": '{"enabled": true, "environments": ["prod"]}',
    }
    every = LocalStack(replace(applied.project, config={**applied.project.config, **options}))
    assert every.up().changes.recorded_only == []
    client = cloud.endpoint.client
    assert len(client("cloudwatch").describe_alarms()["CompositeAlarms"]) == 3
    assert len(client("backup").list_restore_testing_plans()["RestoreTestingPlans"]) == 1
    workgroup = client("athena").get_work_group(WorkGroup="ial-dev-records")["WorkGroup"]["Configuration"]
    assert workgroup["BytesScannedCutoffPerQuery"] == 1_000_000_000
    assert workgroup["EnforceWorkGroupConfiguration"] is True
    assert len(client("athena").list_named_queries(WorkGroup="ial-dev-records")["NamedQueryIds"]) == 8
    table = client("glue").get_table(DatabaseName="ial_dev_records", Name="runs")["Table"]
    assert table["Parameters"]["projection.environment.values"] == "dev,prod"
    # Somebody has asked something, so that the workgroup is not empty when it goes.
    client("athena").start_query_execution(QueryString="SELECT 1", WorkGroup="ial-dev-records")
    # The options are gone from the settings, so their resources go from the cloud.
    assert [name for name in applied.up().changes.deleted if "burn-rate" in name]
    assert client("cloudwatch").describe_alarms()["CompositeAlarms"] == []
    assert client("backup").list_restore_testing_plans()["RestoreTestingPlans"] == []
    assert [held["Name"] for held in client("athena").list_work_groups()["WorkGroups"]] == ["primary"]
    assert client("glue").get_databases()["DatabaseList"] == []


def test_what_is_deployed_costs_what_the_preview_said(applied: LocalStack) -> None:
    from preview.program import record
    from pricing.estimate import estimate
    from pricing.price_book import PriceBook
    from pricing.usage import Usage

    deployed = read_state_export(deployment(applied.state()), "state.json").graph
    book, day = PriceBook.load(), date(2026, 11, 25)
    graphs = (record(applied.project).graph, deployed)
    previewed, held = (estimate(graph, Usage(), book, region="us-east-1", today=day) for graph in graphs)
    assert previewed.total == held.total
    assert len(previewed.resources) == len(held.resources)
