from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pricing.resource import UNKNOWN

SERVICE = "aws:ecs/service:Service"
DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"
FARGATE = {"launchType": "FARGATE", "taskDefinition": "app:3"}
ONE = {"cpu": "1024", "memory": "2048"}
# infracost's ecs_service golden (us-east-1): 1 vCPU 29.55 and 2 GB 6.49; 5 vCPU 147.75 and 10 GB 32.45.
# Arm and storage rates: AWS's Fargate price page.
CASES = [
    ("(0.04048 + 2 x 0.004445) x 730", ONE, 1, "36.0401"),
    ("five tasks: 147.752 + 32.4485", ONE, 5, "180.2005"),
    ("sizes with units", {"cpu": "1 vCPU", "memory": "2 GB"}, 1, "36.0401"),
    ("Arm: (0.03238 + 2 x 0.00356) x 730", {**ONE, "runtimePlatform": {"cpuArchitecture": "ARM64"}}, 1, "28.835"),
    ("and 10 GB of storage x 0.000111 x 730", {**ONE, "ephemeralStorage": {"sizeInGib": 30}}, 1, "36.8504"),
    ("no tasks", ONE, 0, "0"),
]


@pytest.mark.parametrize(("arithmetic", "task", "count", "usd"), CASES, ids=[case[0] for case in CASES])
def test_fargate_tasks_cost_the_list_price(
    arithmetic: str, task: dict[str, Any], count: int, usd: str, make: Any, charge: Any
) -> None:
    bill = charge(make(DEFINITION, family="app", **task), make(SERVICE, desiredCount=count, **FARGATE))

    assert bill.codes == []
    assert bill.total == Decimal(usd)


def test_a_service_on_ec2_is_free(make: Any, charge: Any) -> None:
    bill = charge(make(SERVICE, launchType="EC2", desiredCount=10, taskDefinition="app"))

    assert (bill.codes, bill.lines) == ([], {})


def test_the_definition_is_found_by_dependency(make: Any, charge: Any) -> None:
    task, other = make(DEFINITION, "app", **ONE), make(DEFINITION, "other", cpu="4096", memory="8192")
    service = make(SERVICE, depends=[task], launchType="FARGATE", desiredCount=1, taskDefinition=UNKNOWN)

    assert charge(other, task, service).total == Decimal("36.0401")


def test_a_task_from_elsewhere_must_be_declared(make: Any, charge: Any) -> None:
    service = make(SERVICE, desiredCount=1, **FARGATE)

    assert charge(service).codes == ["undeclared-usage", "undeclared-usage"]
    assert charge(service, usage={"task_vcpu": 1, "task_memory_gb": 2}).total == Decimal("36.0401")


def test_an_unknown_count_needs_a_bound(make: Any, charge: Any) -> None:
    task, service = make(DEFINITION, family="app", **ONE), make(SERVICE, desiredCount=UNKNOWN, **FARGATE)

    assert charge(task, service).codes == ["unbounded-unknown"]
    assert charge(task, service, usage={"tasks": 2}).total == Decimal("72.0802")


def test_scaling_makes_the_count_a_range(make: Any, charge: Any) -> None:
    task, service = make(DEFINITION, family="app", **ONE), make(SERVICE, "web", name="web", desiredCount=2, **FARGATE)
    target = make(
        "aws:appautoscaling/target:Target",
        resourceId="service/cluster/web",
        scalableDimension="ecs:service:DesiredCount",
        minCapacity=1,
        maxCapacity=10,
    )
    cost = charge(task, target, service).priced.cost

    assert [cost.minimum, cost.expected, cost.maximum] == [
        Decimal("36.0401"),
        Decimal("72.0802"),
        Decimal("360.401"),
    ]


@pytest.mark.parametrize(("declared", "expected"), [(1, "108.1203"), (4, "144.1604"), (9, "180.2005")])
def test_what_is_expected_is_within_the_limits(declared: int, expected: str, make: Any, charge: Any) -> None:
    task = make(DEFINITION, family="app", **ONE)
    service = make(SERVICE, "web", name="web", desiredCount=declared, **FARGATE)
    target = make(
        "aws:appautoscaling/target:Target",
        resourceId="service/cluster/web",
        scalableDimension="ecs:service:DesiredCount",
        minCapacity=3,
        maxCapacity=5,
    )
    assert charge(task, target, service).priced.cost.expected == Decimal(expected)


def test_fargate_spot_is_refused(make: Any, charge: Any) -> None:
    strategies = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    bill = charge(make(SERVICE, desiredCount=1, capacityProviderStrategies=strategies))

    assert bill.codes == ["unpriceable"]


@pytest.mark.parametrize(("provider", "codes"), [("FARGATE", []), ("FARGATE_SPOT", ["unpriceable"])])
def test_a_service_that_does_not_choose_takes_the_default_of_the_cluster(
    provider: str, codes: list[str], make: Any, charge: Any
) -> None:
    defaults = make(
        "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
        defaultCapacityProviderStrategies=[{"capacityProvider": provider}],
    )
    bill = charge(defaults, make(DEFINITION, family="app", **ONE), make(SERVICE, desiredCount=1, taskDefinition="app"))

    assert bill.codes == codes
    assert bill.total == (Decimal("36.0401") if not codes else 0)


@pytest.mark.parametrize(
    "task",
    [
        {"cpu": "1024"},
        {"cpu": "many", "memory": "2048"},
        {**ONE, "runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}},
        {**ONE, "runtimePlatform": {"cpuArchitecture": "RISCV"}},
    ],
)
def test_a_task_that_has_no_price_is_refused(task: dict[str, Any], make: Any, charge: Any) -> None:
    assert charge(make(DEFINITION, family="app", **task), make(SERVICE, desiredCount=1, **FARGATE)).codes == [
        "unpriceable"
    ]


CLUSTER, TASK_SET = "aws:ecs/cluster:Cluster", "aws:ecs/taskSet:TaskSet"
DEFAULTS = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"


@pytest.mark.parametrize(
    ("scale", "usd"), [({"value": 50, "unit": "PERCENT"}, "72.0802"), (None, "144.1604"), (UNKNOWN, "144.1604")]
)
def test_a_task_set_runs_its_share_of_the_service(scale: Any, usd: str, make: Any, charge: Any) -> None:
    task, owner = (
        make(DEFINITION, family="app", **ONE),
        make(SERVICE, "web", name="web", desiredCount=4, launchType="EC2"),
    )
    bill = charge(task, owner, make(TASK_SET, service="web", scale=scale, **FARGATE))

    assert bill.codes == []
    assert bill.total == Decimal(usd)


def test_a_task_set_of_an_unknown_service_must_be_declared(make: Any, charge: Any) -> None:
    task, tasks = make(DEFINITION, family="app", **ONE), make(TASK_SET, service="web", **FARGATE)

    assert charge(task, tasks).codes == ["unbounded-unknown"]
    assert charge(task, tasks, usage={"tasks": 1}).total == Decimal("36.0401")


@pytest.mark.parametrize(
    "mode", [{"name": "containerInsights", "value": "enabled"}, {"name": UNKNOWN, "value": "enabled"}]
)
def test_a_default_that_switches_insights_on_everywhere_is_refused(mode: Any, make: Any, charge: Any) -> None:
    bill = charge(make("aws:ecs/accountSettingDefault:AccountSettingDefault", **mode))

    assert bill.codes == ["unpriceable"]


@pytest.mark.parametrize(("name", "value"), [("containerInsights", "disabled"), ("taskLongArnFormat", "enabled")])
def test_other_defaults_of_an_account_are_free(name: str, value: str, make: Any, charge: Any) -> None:
    bill = charge(make("aws:ecs/accountSettingDefault:AccountSettingDefault", name=name, value=value))

    assert (bill.codes, bill.total) == ([], 0)


def test_providers_of_another_cluster_do_not_matter(make: Any, charge: Any) -> None:
    mine, other = make(CLUSTER, "mine", name="mine"), make(CLUSTER, "other", name="other")
    theirs = make(
        DEFAULTS, clusterName="other", defaultCapacityProviderStrategies=[{"capacityProvider": "FARGATE_SPOT"}]
    )
    bill = charge(mine, other, theirs, make(SERVICE, cluster="mine", desiredCount=1, taskDefinition="app"))

    assert (bill.codes, bill.lines) == ([], {})
    assert charge(mine, other, theirs, make(SERVICE, cluster="other", desiredCount=1)).codes == ["unpriceable"]
    assert charge(make(SERVICE, cluster="elsewhere", desiredCount=1)).codes == ["unpriceable"]


ARN = "arn:aws:ecs:us-east-1:123456789012:cluster/other"


@pytest.mark.parametrize(
    ("named", "theirs", "counts"),
    [(ARN, "other", True), (ARN, ARN, True), ("other", "other", True), (ARN, "mine", False), (UNKNOWN, "other", True)],
)
def test_defaults_of_a_cluster_elsewhere_are_found_by_its_name(
    named: Any, theirs: str, counts: bool, make: Any, charge: Any
) -> None:
    fargate = [{"capacityProvider": "FARGATE"}]
    defaults = make(DEFAULTS, clusterName=theirs, defaultCapacityProviderStrategies=fargate)
    task = make(DEFINITION, family="app", **ONE)
    bill = charge(task, defaults, make(SERVICE, cluster=named, desiredCount=1, taskDefinition="app"))

    assert bool(bill.lines) is counts, bill.messages


def test_defaults_of_a_cluster_of_the_stack_are_nobody_else_s(make: Any, charge: Any) -> None:
    task = make(DEFINITION, family="app", **ONE)
    mine = make(CLUSTER, "mine", name="mine")
    defaults = make(DEFAULTS, clusterName="mine", defaultCapacityProviderStrategies=[{"capacityProvider": "FARGATE"}])
    elsewhere = make(SERVICE, cluster="elsewhere", desiredCount=1, taskDefinition="app")
    assert "FARGATE" not in str(charge(task, mine, defaults, elsewhere).lines)


def test_volumes_that_ecs_makes_are_refused(make: Any, charge: Any) -> None:
    volume = {"name": "data", "managedEbsVolume": {"roleArn": "arn:aws:iam::1:role/x", "sizeInGb": 100}}
    bill = charge(make(SERVICE, launchType="EC2", desiredCount=1, volumeConfiguration=volume))

    assert bill.codes == ["unpriceable"]
    assert "`volumeConfiguration.managedEbsVolume`" in bill.messages
