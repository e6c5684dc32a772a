"""Which updates would undo a hold, and which would not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pricing.resource import UNKNOWN, Resource
from runners.rollback.held_back import brought_back
from runners.rollback.hold import Hold

SERVICE = "aws:ecs/service:Service"
BAD = "arn:aws:ecs:us-east-1:123456789012:task-definition/shop-web:2"


def hold(kind: str = "ecs-service", name: str = "shop/web", held: str = BAD, **more: Any) -> Hold:
    given = {
        "good": "the older one",
        "reason": "it failed",
        "run": "r",
        "operator": "o",
        "since": "2026-11-25T00:00:00Z",
    }
    return Hold(kind=kind, name=name, held=held, until="2026-11-28T00:00:00Z", **(given | more))


def declared(type_: str = SERVICE, ignored: tuple[str, ...] = (), **properties: Any) -> Resource:
    return Resource(urn="u", type=type_, name="the-web", properties=properties, ignore_changes=ignored)


def service(definition: Any, **more: Any) -> Resource:
    return declared(name="web", cluster="arn:aws:ecs:us-east-1:1:cluster/shop", taskDefinition=definition, **more)


GROUP = hold("auto-scaling-group", "shop-web", "lt-1:2")
ALIAS = hold("lambda-alias", "orders:live", "8")
CONFIGURATION = hold("app-config", "a/b/c", "5")


@pytest.mark.parametrize(
    ("held", "resource"),
    [
        (hold(), service(BAD)),
        (hold(), service("shop-web:2")),
        (hold(), service("shop-web")),
        (hold(), service(UNKNOWN)),
        (hold(), declared(taskDefinition=BAD)),
        (hold(), declared(name=UNKNOWN, cluster=UNKNOWN, taskDefinition=UNKNOWN)),
        (
            GROUP,
            declared("aws:autoscaling/group:Group", name="shop-web", launchTemplate={"id": "lt-1", "version": "2"}),
        ),
        (GROUP, declared("aws:autoscaling/group:Group", name="shop-web", launchTemplate={"version": "$Latest"})),
        (GROUP, declared("aws:autoscaling/group:Group", name="shop-web", launchTemplate={"version": UNKNOWN})),
        (ALIAS, declared("aws:lambda/alias:Alias", name="live", functionName="orders", functionVersion="8")),
        (ALIAS, declared("aws:lambda/alias:Alias", name="live", functionName="orders", functionVersion="$LATEST")),
        (
            CONFIGURATION,
            declared(
                "aws:appconfig/deployment:Deployment",
                applicationId="a",
                environmentId="b",
                configurationProfileId="c",
                configurationVersion="5",
            ),
        ),
    ],
)
def test_what_would_bring_it_back(held: Hold, resource: Resource) -> None:
    found = brought_back(held, [resource])
    assert found is not None
    assert "the-web declares" in found


@pytest.mark.parametrize(
    ("held", "resource"),
    [
        # A third version goes forward.
        (hold(), service("shop-web:3")),
        (hold(), service("shop-web:1")),
        (hold(), service(BAD, ignored=("taskDefinition",))),
        (hold(), declared(name="other", cluster="shop", taskDefinition=BAD)),
        (hold(), declared(name="web", cluster="other", taskDefinition=BAD)),
        (hold(), declared("aws:s3/bucket:Bucket", name="web")),
        (GROUP, declared("aws:autoscaling/group:Group", name="shop-web", launchTemplate={"version": "3"})),
        (GROUP, declared("aws:autoscaling/group:Group", name="others", launchTemplate={"version": "$Latest"})),
        (ALIAS, declared("aws:lambda/alias:Alias", name="live", functionName="others", functionVersion="8")),
        (ALIAS, declared("aws:lambda/alias:Alias", name="live", functionName="orders", functionVersion="9")),
    ],
)
def test_what_would_not(held: Hold, resource: Resource) -> None:
    assert brought_back(held, [resource]) is None


def test_a_hold_ends_by_itself() -> None:
    assert hold().active(datetime(2026, 11, 27, tzinfo=UTC))
    assert not hold().active(datetime(2026, 11, 28, tzinfo=UTC))


def test_a_hold_is_read_as_it_was_written() -> None:
    assert Hold.read(hold().document()) == hold()
    with pytest.raises(TypeError):
        Hold.read({"kind": "ecs-service"})
