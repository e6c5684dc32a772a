"""Which updates would undo a hold, and which would not."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
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

ELB = "arn:aws:elasticloadbalancing:us-east-1:123456789012"
BLUE, GREEN = f"{ELB}:targetgroup/blue/1", f"{ELB}:targetgroup/green/2"
WEIGHTS = hold("listener-weights", f"{ELB}:listener-rule/app/x/1/2/3", f"{GREEN}=100", good=f"{BLUE}=100")
LISTENER = hold("listener-weights", f"{ELB}:listener/app/x/1/2", f"{GREEN}=100", good=f"{BLUE}=100")


def alias(version: str, routing: Any) -> Resource:
    given = {"functionName": "orders", "functionVersion": version, "routingConfig": routing}
    return declared("aws:lambda/alias:Alias", name="live", **given)


def weights(arn: Any, weight: Any) -> dict[str, Any]:
    return {"arn": arn, "weight": weight}


def forward(*groups: Any) -> list[Any]:
    return [{"type": "forward", "forward": {"targetGroups": list(groups)}}]


def rule(*groups: Any) -> Resource:
    return declared("aws:lb/listenerRule:ListenerRule", actions=forward(*groups))


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
        (ALIAS, alias("7", {"additionalVersionWeights": {"8": Decimal("0.1")}})),
        (ALIAS, alias("7", {"additionalVersionWeights": UNKNOWN})),
        (ALIAS, alias("7", UNKNOWN)),
        (WEIGHTS, rule(weights(BLUE, 0), weights(GREEN, 100))),
        (WEIGHTS, rule(weights(GREEN, 1))),
        (WEIGHTS, rule(weights(UNKNOWN, 100))),
        (WEIGHTS, rule(weights(GREEN, UNKNOWN), weights(BLUE, 1))),
        (WEIGHTS, declared("aws:alb/listenerRule:ListenerRule", actions=UNKNOWN)),
        (
            WEIGHTS,
            declared("aws:alb/listenerRule:ListenerRule", actions=[{"type": "forward", "targetGroupArn": GREEN}]),
        ),
        (LISTENER, declared("aws:lb/listener:Listener", defaultActions=forward(weights(GREEN, 100)))),
        (LISTENER, declared("aws:elasticloadbalancingv2/listener:Listener", defaultActions=UNKNOWN)),
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
        (ALIAS, alias("7", {"additionalVersionWeights": {"9": Decimal("0.1")}})),
        (ALIAS, declared("aws:lambda/alias:Alias", ("functionVersion",), name="live", functionVersion="8")),
        (WEIGHTS, rule(weights(BLUE, 100), weights(GREEN, 0))),
        (WEIGHTS, rule(weights(BLUE, 50), weights(GREEN, 50))),
        (WEIGHTS, rule(weights(f"{GREEN}/another", 100))),
        (WEIGHTS, declared("aws:lb/listener:Listener", defaultActions=forward(weights(GREEN, 100)))),
        (WEIGHTS, declared("aws:lb/listenerRule:ListenerRule", ("actions",), actions=forward(weights(GREEN, 100)))),
        (WEIGHTS, declared("aws:lb/listenerRule:ListenerRule", actions=[{"type": "fixed-response"}])),
        (LISTENER, declared("aws:lb/listenerRule:ListenerRule", actions=forward(weights(GREEN, 100)))),
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
