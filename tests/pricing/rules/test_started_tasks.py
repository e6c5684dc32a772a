from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pricing.resource import UNKNOWN

SCHEDULE, RULE, TARGET = (
    "aws:scheduler/schedule:Schedule",
    "aws:cloudwatch/eventRule:EventRule",
    "aws:cloudwatch/eventTarget:EventTarget",
)
TASK = "aws:ecs/taskDefinition:TaskDefinition"
CLUSTER = "aws:ecs/cluster:Cluster"
DEFAULTS = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"
FARGATE = {"taskDefinitionArn": "job:1", "launchType": "FARGATE"}
# 1 vCPU and 2 GB for an hour: 0.04048 + 2 x 0.004445.
HOUR = Decimal("0.04937")


def job(make: Any, expression: Any = "rate(1 hour)", **ecs: Any) -> list[Any]:
    target = {"arn": "arn:aws:ecs:us-east-1:1:cluster/shop", "ecsParameters": {**FARGATE, **ecs}}
    return [
        make(TASK, family="job", cpu="1024", memory="2048"),
        make(SCHEDULE, scheduleExpression=expression, target=target),
    ]


def tasks(bill: Any) -> Decimal:
    return sum((usd for name, usd in bill.lines.items() if name.startswith("Fargate") and usd is not None), Decimal(0))


@pytest.mark.parametrize(
    ("ecs", "usage", "hours"),
    [
        ({}, {"task_minutes": 60}, 730),
        ({}, {"task_minutes": 30}, 365),
        ({"taskCount": 3}, {"task_minutes": 60}, 2190),
        ({"taskCount": UNKNOWN}, {"task_minutes": 60, "started_tasks": 2}, 1460),
        (
            {"launchType": None, "capacityProviderStrategies": [{"capacityProvider": "FARGATE"}]},
            {"task_minutes": 60},
            730,
        ),
        ({"launchType": "EC2"}, {}, 0),
    ],
)
def test_tasks_of_a_schedule_bill_runs_times_minutes(
    ecs: dict[str, Any], usage: dict[str, Any], hours: int, make: Any, charge: Any
) -> None:
    bill = charge(*job(make, **ecs), usage=usage)

    assert bill.codes == []
    assert round(tasks(bill), 4) == round(hours * HOUR, 4)


def test_a_task_bills_a_minute_at_least(make: Any, charge: Any) -> None:
    seconds = charge(*job(make), usage={"task_minutes": "0.1"})

    assert tasks(seconds) == tasks(charge(*job(make), usage={"task_minutes": 1}))


def test_how_long_a_started_task_runs_must_be_declared(make: Any, charge: Any) -> None:
    bill = charge(*job(make))

    assert set(bill.codes) == {"undeclared-usage"}
    assert "`task_minutes` is not declared" in bill.messages


def test_a_schedule_that_is_off_starts_nothing(make: Any, charge: Any) -> None:
    task, schedule = job(make)
    off = make(SCHEDULE, **{**schedule.properties, "state": "DISABLED"})

    assert charge(task, off).total == 0


def test_a_public_address_bills_while_the_task_runs(make: Any, charge: Any) -> None:
    bill = charge(*job(make, networkConfiguration={"assignPublicIp": True}), usage={"task_minutes": 60})

    assert bill.lines["Public IPv4 address"] == Decimal("3.65")


def target(make: Any, rule: Any, **properties: Any) -> Any:
    ecs = {"taskDefinitionArn": UNKNOWN, "launchType": "FARGATE", **properties}
    return make(TARGET, depends=[rule], rule=UNKNOWN, arn="arn:aws:ecs:us-east-1:1:cluster/shop", ecsTarget=ecs)


def test_tasks_of_a_rule_bill_by_its_schedule(make: Any, charge: Any) -> None:
    task, rule = make(TASK, family="job", cpu="1024", memory="2048"), make(RULE, scheduleExpression="rate(1 hour)")

    assert round(tasks(charge(task, rule, target(make, rule), usage={"task_minutes": 60})), 4) == round(730 * HOUR, 4)


def test_tasks_of_an_event_pattern_need_declared_runs(make: Any, charge: Any) -> None:
    task, rule = make(TASK, family="job", cpu="1024", memory="2048"), make(RULE, eventPattern="{}")
    one = target(make, rule)

    assert set(charge(task, rule, one, usage={"task_minutes": 60}).codes) == {"undeclared-usage"}
    assert round(tasks(charge(task, rule, one, usage={"task_minutes": 60, "runs_per_month": 73})), 4) == round(
        73 * HOUR, 4
    )


@pytest.mark.parametrize(("providers", "hours"), [(["FARGATE"], 730), (["on-instances"], 0)])
def test_the_default_providers_of_the_own_cluster_decide(
    providers: list[str], hours: int, make: Any, charge: Any
) -> None:
    strategies = [{"capacityProvider": name} for name in providers]
    mine = make(DEFAULTS, "mine", clusterName="shop", defaultCapacityProviderStrategies=strategies)
    other = make(
        DEFAULTS, "other", clusterName="x", defaultCapacityProviderStrategies=[{"capacityProvider": "FARGATE_SPOT"}]
    )
    schedule = job(make, launchType=None)[1]
    bill = charge(mine, other, make(CLUSTER, "shop", name="shop"), job(make)[0], schedule, usage={"task_minutes": 60})

    assert bill.codes == []
    assert round(tasks(bill), 4) == round(hours * HOUR, 4)


def test_providers_that_are_decided_elsewhere_are_not_guessed(make: Any, charge: Any) -> None:
    bill = charge(*job(make, launchType=None))

    assert bill.codes == ["unpriceable"]
    assert "decided elsewhere" in bill.messages
    assert charge(make(CLUSTER, "shop", name="shop"), *job(make, launchType=None)).codes == []


SDK = "arn:aws:scheduler:::aws-sdk:"


@pytest.mark.parametrize(
    "arn",
    [
        f"{SDK}codebuild:startBuild",
        f"{SDK}ec2:runInstances",
        f"{SDK}rds:startDBInstance",
        f"{SDK}ecs:runTask",
        "arn:aws:codebuild:us-east-1:123456789012:project/nightly",
        "arn:aws:batch:us-east-1:123456789012:job-queue/nightly",
    ],
)
def test_what_starts_what_nobody_counts_is_refused(arn: str, make: Any, charge: Any) -> None:
    for started in (
        make(SCHEDULE, scheduleExpression="rate(1 day)", target={"arn": arn}),
        make(TARGET, rule="nightly", arn=arn),
    ):
        bill = charge(started)

        assert bill.codes == ["unpriceable"]
        assert "nobody counts here" in bill.messages


@pytest.mark.parametrize(
    "arn",
    [
        f"{SDK}fis:startExperiment",
        f"{SDK}ec2:stopInstances",
        f"{SDK}cloudwatch:putMetricData",
        "arn:aws:lambda:us-east-1:123456789012:function:clean",
        UNKNOWN,
    ],
)
def test_what_is_counted_or_starts_nothing_passes(arn: Any, make: Any, charge: Any) -> None:
    assert charge(make(SCHEDULE, scheduleExpression="rate(1 day)", target={"arn": arn})).codes == []
