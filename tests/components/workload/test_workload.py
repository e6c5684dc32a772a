"""What others ask of the parts of a workload."""

from __future__ import annotations

import pkgutil
from typing import Any

import pytest

from components import workload as package
from components.place import Place
from components.reading import Reader, SettingsError
from components.workload.part import Stay
from components.workload.workload import Workload
from contract import outputs

STAY = Stay(
    place=Place(account="123456789012", region="us-east-1", environment="dev", owner="team"),
    recovery_days=14,
    noncurrent_days=7,
)
# What is no part: what parts are made of, and the whole.
OTHERS = {"part", "workload"}


def read(given: dict[str, Any]) -> Workload:
    found = Reader({"workload": given}, "ial:").section("workload", Workload.read)
    assert found is not None
    return found


def test_each_file_is_a_part_of_the_whole() -> None:
    files = {info.name for info in pkgutil.iter_modules(package.__path__)} - OTHERS
    assert files == {type(part).__module__.rpartition(".")[2] for part in Workload().parts().values()}


def test_an_empty_workload_is_told_whole() -> None:
    told = Workload().told(STAY)
    assert {value for name in outputs.Workload.__struct_fields__ if (value := getattr(told, name))} == set()


def test_what_is_held_has_the_names_of_the_outputs(workload: dict[str, Any]) -> None:
    held, told = read(workload).held(), read(workload).told(STAY)
    assert held.keys() - {"log_groups"} == set(outputs.Workload.__struct_fields__)
    assert {name for name in told.__struct_fields__ if getattr(told, name)} == {
        name for name, value in held.items() if value and name != "log_groups"
    }


def test_what_does_not_say_how_long_it_stays_stays_as_the_stack_says() -> None:
    buckets = [{"name": "assets", "noncurrentDays": 3}, {"name": "logs"}]
    tables = [{"name": "own", "recoveryDays": 3}, {"name": "other"}]
    told = read({"tables": tables, "buckets": buckets}).told(STAY)
    assert [table.recovery_days for table in told.tables] == [3, 14]
    assert [bucket.noncurrent_days for bucket in told.buckets] == [3, 7]


def test_the_first_that_is_missing_is_named_as_the_settings_name_it() -> None:
    work = read({"autoScalingGroup": "g"})
    assert work.missing(["auto_scaling_group"]) is None
    assert work.missing([]) is None
    assert work.missing(["auto_scaling_group", "target_group", "database"]) == "workload.targetGroup"


def test_metrics_of_parts_have_dimensions_only_where_these_are(workload: dict[str, Any]) -> None:
    empty, whole = Workload().sources(), read(workload).sources()
    assert {name: source.needs for name, source in empty.items()} == {
        name: source.needs for name, source in whole.items()
    }
    assert all(not source.dimensions for source in empty.values())
    assert [name for name, source in whole.items() if not source.dimensions] == ["logs"]
    assert {source.needs for source in empty.values()} <= Workload().held().keys()
    assert whole["loadBalancer"].dimensions.keys() - whole["loadBalancerOnly"].dimensions.keys() == {"TargetGroup"}


@pytest.mark.parametrize(
    ("given", "versions"),
    [
        ({}, []),
        ({"ecsCluster": "c"}, []),
        ({"ecsCluster": "c", "ecsService": "s"}, [("ecs-service", "c/s")]),
        ({"autoScalingGroup": "g"}, [("auto-scaling-group", "g")]),
    ],
)
def test_versions_that_runs_look_at(given: dict[str, Any], versions: list[tuple[str, str]]) -> None:
    work = read(given) if given else Workload()
    assert [version for part in work.parts().values() if (version := part.version())] == versions


@pytest.mark.parametrize(
    ("key", "value", "needed", "given"),
    [
        ("ecsService", "s", "ecsCluster", "c"),
        ("createCluster", True, "ecsCluster", "c"),
        ("targetGroup", "targetgroup/a/1", "loadBalancer", "app/a/1"),
        ("hostName", "shop.example.com", "loadBalancer", "app/a/1"),
        ("databaseKmsKey", "arn:aws:kms:us-east-1:123456789012:key/1", "database", "d"),
    ],
)
def test_what_means_nothing_alone_is_refused_alone(key: str, value: object, needed: str, given: str) -> None:
    assert read({key: value, needed: given})
    with pytest.raises(SettingsError, match=f"ial:workload.{key} is .*; accepted: it together with {needed}, or "):
        read({key: value})


@pytest.mark.parametrize("key", ["tables", "buckets", "logGroups"])
def test_a_list_has_each_name_once(key: str) -> None:
    assert read({key: [{"name": "one"}, {"name": "two"}]})
    with pytest.raises(SettingsError, match="accepted: each name once"):
        read({key: [{"name": "one"}, {"name": "one"}]})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"tables": [{"name": "shop"}], "buckets": [{"name": "shop"}]}, "ial:workload.buckets.*one of tables"),
        ({"tables": [{"name": "shop"}], "database": "shop"}, "ial:workload.(tables|database).*one of"),
        ({"buckets": [{"name": "shop"}], "database": "shop"}, "ial:workload.(buckets|database).*one of"),
        ({"tables": [{"name": "configuration"}]}, "ial:workload.tables.*the stack's settings"),
    ],
)
def test_two_that_a_drill_could_not_tell_apart_are_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        read(given)


def test_two_of_other_names_are_not_refused() -> None:
    read({"tables": [{"name": "orders"}], "buckets": [{"name": "assets"}], "database": "shop"})
    # Nobody drills a service, a group or a log group.
    read({"tables": [{"name": "shop"}], "autoScalingGroup": "shop"})
