from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from components.observability.signal import all_signals
from components.omissions import omissions
from components.settings import Settings
from tests.components.chaos.test_chaos import shipped


def _features(settings: Settings) -> list[str]:
    return [omission.feature for omission in omissions(settings)]


UNASKED = [f"{setting} of bucket shop-assets" for setting in ("encryption", "publicAccessBlock", "policy")]


def test_the_example_leaves_out_copies_networks_of_tasks_and_what_nobody_asked_for(
    settings: Callable[..., Settings],
) -> None:
    found = omissions(settings(notifyEmails=["a@example.com"]), shipped())
    assert [str(omission) for omission in found] == [
        "left out: critical alarm database-storage, because workload.database is not set, or "
        "thresholds.databaseFreeGib is 0",
        "left out: copies of the database, because backup.includeDatabase is false (RDS keeps its own daily backups)",
        *(f"left out: {setting}, because its owner has not asked for it (also)" for setting in UNASKED),
        "left out: network faults inside tasks that have a network of their own (awsvpc, bridge), because "
        "network-latency, alb-health-check, database-connection-failure run on the instances; kinds "
        "ecs-task-blackhole, ecs-task-latency reach tasks",
    ]


def test_what_is_asked_for_is_not_left_out(settings: Callable[..., Settings], workload: dict[str, Any]) -> None:
    asked = {"name": "shop-assets", "also": ["encryption", "policy"], "leave": ["versioning"]}
    found = _features(settings(workload={**workload, "buckets": [asked]}))
    bucket = [feature for feature in found if "of bucket" in feature]
    assert bucket == ["versioning of bucket shop-assets", "publicAccessBlock of bucket shop-assets"]


@pytest.mark.parametrize(
    ("key", "features"),
    [
        ("ecsCluster", ["Container Insights", "X-Ray sampling rules"]),
        ("database", []),
        ("tables", ["table protection", "backup plan"]),
        ("buckets", ["bucket protection"]),
        ("logGroups", ["custom metrics", "log retention and saved queries"]),
        ("targetGroup", ["critical alarm unhealthy-hosts"]),
    ],
)
def test_an_absent_part_is_named(
    settings: Callable[..., Settings], workload: dict[str, Any], key: str, features: list[str]
) -> None:
    absent = {key, "ecsService"} if key == "ecsCluster" else {key}
    left = {name: value for name, value in workload.items() if name not in absent}
    found = _features(settings(stage=2, notifyEmails=["a@example.com"], workload=left))
    database = [] if key == "database" else ["copies of the database"]
    unasked = [] if key == "buckets" else UNASKED
    assert sorted(found) == sorted(["critical alarm database-storage", *features, *database, *unasked])


def test_an_empty_workload_leaves_out_the_alarm_of_every_signal(settings: Callable[..., Settings]) -> None:
    found = _features(settings(workload={}))
    assert len([feature for feature in found if feature.startswith("critical alarm")]) == len(all_signals())


def test_nothing_is_left_out_before_its_stage(settings: Callable[..., Settings]) -> None:
    assert omissions(settings(stage=0, workload={})) == ()
    assert "backup plan" not in _features(settings(stage=1, workload={}))
    assert "backup plan" in _features(settings(stage=2, workload={}))


def test_settings_left_to_the_owner_are_named(settings: Callable[..., Settings]) -> None:
    found = _features(settings(workload={"buckets": [{"name": "assets", "leave": ["policy"]}]}))
    assert "policy of bucket assets" in found
