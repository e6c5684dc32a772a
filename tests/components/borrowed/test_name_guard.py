"""What would be overwritten is refused, and what the stack made itself is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from components.borrowed.name_guard import NameGuardProvider
from tests.components.borrowed.conftest import GROUP, PLACE, REGION, Calls, Killed, Owner, watched

NAMES: dict[str, list[str]] = {
    "alarm": ["ial-dev-errors"],
    "cluster": ["new-shop"],
    "dashboard": ["ial-dev-overview"],
    "document": ["ial-dev-hold"],
    "event rule": ["ial-dev-states"],
    "metric filter": [f"ial-dev-Errors of {GROUP}", "ial-dev-failed of /not/there/yet"],
    "resource group": ["ial-dev-parts"],
    "topic": ["ial-dev-alerts"],
}


def _client(service: str) -> Any:
    return boto3.client(service, REGION)  # type: ignore[call-overload]


def _alarm(name: str) -> None:
    _client("cloudwatch").put_metric_alarm(
        AlarmName=name, MetricName="E", Namespace="S", Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip


def _filter(name: str) -> None:
    transformation = {"metricName": "E", "metricNamespace": "S", "metricValue": "1"}
    _client("logs").put_metric_filter(
        logGroupName=GROUP, filterName=name, filterPattern="E", metricTransformations=[transformation]
    )


# How somebody else makes one, and how it goes.
THEIRS: dict[str, Any] = {
    "alarm": (
        lambda: _alarm("ial-dev-errors"),
        lambda: _client("cloudwatch").delete_alarms(AlarmNames=["ial-dev-errors"]),
    ),
    "cluster": (
        lambda: _client("ecs").create_cluster(clusterName="new-shop"),
        lambda: _client("ecs").delete_cluster(cluster="new-shop"),
    ),
    "dashboard": (
        lambda: _client("cloudwatch").put_dashboard(DashboardName="ial-dev-overview", DashboardBody='{"widgets": []}'),
        lambda: _client("cloudwatch").delete_dashboards(DashboardNames=["ial-dev-overview"]),
    ),
    "document": (
        lambda: _client("ssm").create_document(
            Name="ial-dev-hold", Content='{"schemaVersion": "2.2", "mainSteps": []}', DocumentType="Command"
        ),
        lambda: _client("ssm").delete_document(Name="ial-dev-hold"),
    ),
    "event rule": (
        lambda: _client("events").put_rule(Name="ial-dev-states", EventPattern='{"source": ["shop"]}'),
        lambda: _client("events").delete_rule(Name="ial-dev-states"),
    ),
    "metric filter": (
        lambda: _filter("ial-dev-Errors"),
        lambda: _client("logs").delete_metric_filter(logGroupName=GROUP, filterName="ial-dev-Errors"),
    ),
    "resource group": (
        lambda: _client("resource-groups").create_group(
            Name="ial-dev-parts",
            ResourceQuery={
                "Type": "TAG_FILTERS_1_0",
                "Query": '{"ResourceTypeFilters": ["AWS::AllSupported"], "TagFilters": [{"Key": "s", "Values": []}]}',
            },
        ),
        lambda: _client("resource-groups").delete_group(GroupName="ial-dev-parts"),
    ),
    "topic": (
        lambda: _client("sns").create_topic(Name="ial-dev-alerts"),
        lambda: _client("sns").delete_topic(TopicArn=f"arn:aws:sns:{REGION}:123456789012:ial-dev-alerts"),
    ),
}
PROPS = {**PLACE, "names": NAMES}


@pytest.fixture
def guard(owner: Owner) -> Iterator[NameGuardProvider]:
    found = NameGuardProvider()
    yield found
    found.delete("id", PROPS)
    assert owner.notes() == []


@pytest.mark.parametrize("word", THEIRS)
def test_a_name_that_somebody_uses_is_refused_and_named(guard: NameGuardProvider, owner: Owner, word: str) -> None:
    make, remove = THEIRS[word]
    make()
    try:
        with pytest.raises(PermissionError, match=f"{word} {NAMES[word][0]}: it exists and this stack did not create"):
            guard.create(PROPS)
        assert owner.notes() == []
        assert [(line.resource, line.decision) for line in guard.inspect(PROPS)] == [
            (f"{word} {NAMES[word][0]}", "refuse")
        ]
    finally:
        remove()
    guard.create(PROPS)


def test_every_kind_that_is_listed_here_has_a_case() -> None:
    from components.borrowed.name_listing import LISTED

    # moto has none of these; the local cloud has, and `tests/local` looks there.
    assert set(LISTED) - set(THEIRS) == {"saved query", "sampling rule", "trace group", "mute rule"}


def test_what_the_stack_made_itself_is_its_own(guard: NameGuardProvider) -> None:
    """Also for a run that lost its state: the note is older than the thing."""
    guard.create(PROPS)
    make, remove = THEIRS["dashboard"]
    make()
    try:
        assert [line.decision for line in guard.inspect(PROPS)] == ["set"]
        guard.create(PROPS)
    finally:
        remove()


def test_an_update_asks_for_new_names_only(guard: NameGuardProvider) -> None:
    olds = guard.create({**PLACE, "names": {"dashboard": ["ial-dev-overview"]}}).outs or {}
    dashboard, alarm = THEIRS["dashboard"], THEIRS["alarm"]
    dashboard[0]()
    more = {**PLACE, "names": {"dashboard": ["ial-dev-overview"], "alarm": ["ial-dev-errors"]}}
    assert guard.diff("id", olds, more).changes
    assert not guard.diff("id", olds, olds).changes
    alarm[0]()
    try:
        with pytest.raises(PermissionError, match=r"^alarm ial-dev-errors: it exists"):
            guard.update("id", olds, more)
    finally:
        dashboard[1]()
        alarm[1]()
    guard.update("id", olds, more)


@pytest.mark.parametrize("after", [False, True])
def test_a_kill_loses_no_name(guard: NameGuardProvider, after: bool) -> None:
    with watched(Calls(dies_at=1, after_effect=after)), pytest.raises(Killed):
        guard.create(PROPS)
    guard.create(PROPS)
    assert [line.decision for line in guard.inspect(PROPS)] == ["set"]


def test_many_names_fit(guard: NameGuardProvider, owner: Owner) -> None:
    names = {"dashboard": [f"ial-dev-team-{number}" for number in range(1200)]}
    guard.create({**PLACE, "names": names})
    assert len(owner.notes()) == 3
    assert list(guard._taken({**PLACE, "names": names}, {})) == []
