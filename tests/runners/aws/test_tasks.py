"""The tasks of a service as ECS has them: their own tags, however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from local.server import Running
from runners.aws.session import AwsClients
from runners.aws.targets import AwsTargets
from runners.aws.tasks import AwsTasks
from runners.chaos.before.preflight import obstacles
from tests.runners.chaos.before.test_preflight import GOOD
from tests.runners.chaos.experiments import OFFERED, changed, experiment, radius

pytestmark = pytest.mark.cloud
REACH = radius(resource_type="aws:ecs:task", group_kind="ecs-service", group="shop/web")


@pytest.fixture
def shop(cloud: Running) -> AwsClients:
    return AwsClients("us-east-1", endpoint=cloud.endpoint.url, keys=("local", "local", None), attempts=1)


@pytest.fixture
def run(shop: AwsClients) -> Iterator[Any]:
    """Starts so many tasks of the example service with these tags."""
    ecs, begun = shop.client("ecs"), []
    if not ecs.list_container_instances(cluster="shop")["containerInstanceArns"]:
        [*_, instance] = shop.client("ec2").describe_instances()["Reservations"]
        identity = {"instanceId": instance["Instances"][0]["InstanceId"], "region": "us-east-1"}
        import json

        ecs.register_container_instance(cluster="shop", instanceIdentityDocument=json.dumps(identity))

    def started(count: int, tags: dict[str, str]) -> list[str]:
        made = [
            ecs.run_task(
                cluster="shop",
                taskDefinition="shop-web",
                tags=[{"key": key, "value": value} for key, value in tags.items()],
            )["tasks"][0]["taskArn"]
            for _ in range(count)
        ]
        begun.extend(made)
        return made

    yield started
    for arn in begun:
        ecs.stop_task(cluster="shop", task=arn)


def test_tags_are_those_of_the_tasks(shop: AwsClients, run: Any) -> None:
    [offered], [other] = run(1, OFFERED), run(1, {"team": "shop"})
    assert AwsTasks(shop).candidates("shop/web") == {offered: OFFERED, other: {"team": "shop"}}


def test_what_is_not_offered_refuses(shop: AwsClients, run: Any) -> None:
    [arn] = run(1, {"chaos:enabled": "false"})
    seen = AwsTargets(shop).situation(changed(REACH, group_kind=None), through_agent=False)
    found = obstacles(
        changed(experiment(stop_alarms=("errors",)), blast_radius=changed(REACH, group_kind=None, group=None)),
        replace(GOOD, targets=seen),
    )
    [told] = found
    assert str(told).startswith(f"not-opted-in: {arn} lacks the tag that offers it: chaos:enabled=true; ")


def test_many_tasks_are_described_a_hundred_at_a_time(shop: AwsClients, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    arns = [f"arn:aws:ecs:us-east-1:123456789012:task/shop/{number:032x}" for number in range(230)]
    ecs = shop.client("ecs")

    def note(params: dict[str, Any], **_: Any) -> None:
        asked.append(params["tasks"])

    ecs.meta.events.register("provide-client-params.ecs.DescribeTasks", note)
    ecs.meta.events.register("after-call.ecs.ListTasks", lambda parsed, **_: parsed.update(taskArns=arns))
    assert AwsTasks(shop).candidates("shop/web") == {}
    assert [len(part) for part in asked] == [100, 100, 30]
