"""The stack's own load balancer, its address, and the targets behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from runners.aws.session import Clients, calling
from runners.errors import OutputsError


def balancer_address(clients: Clients, load_balancer: str | None) -> str:
    """`http://NAME.elb.amazonaws.com` of the balancer with this suffix (app/NAME/ID), over TLS if it listens for that.

    Raises:
        OutputsError: the stack has none.
        AwsError: it could not be looked up.
    """
    if load_balancer is None:
        msg = "this stack has no load balancer; set workload.loadBalancer and apply it again"
        raise OutputsError(msg)
    found = balancer(clients, load_balancer)
    with calling("elasticloadbalancing:DescribeListeners", load_balancer):
        listeners = clients.client("elbv2").describe_listeners(LoadBalancerArn=found["LoadBalancerArn"])["Listeners"]
    secure = any(held.get("Protocol") == "HTTPS" for held in listeners)
    return f"{'https' if secure else 'http'}://{found['DNSName']}"


def balancer(clients: Clients, load_balancer: str) -> Mapping[str, Any]:
    """The balancer app/NAME/ID as DescribeLoadBalancers has it.

    Raises:
        AwsError: it could not be looked up.
    """
    with calling("elasticloadbalancing:DescribeLoadBalancers", load_balancer):
        answer = clients.client("elbv2").describe_load_balancers(Names=[load_balancer.split("/")[1]])
    found: Mapping[str, Any] = answer["LoadBalancers"][0]
    return found


def target_group_arn(clients: Clients, target_group: str) -> str:
    """The ARN of targetgroup/NAME/ID.

    Raises:
        AwsError: it could not be looked up.
    """
    with calling("elasticloadbalancing:DescribeTargetGroups", target_group):
        answer = clients.client("elbv2").describe_target_groups(Names=[target_group.split("/")[1]])
    return str(answer["TargetGroups"][0]["TargetGroupArn"])


def healthy_targets(clients: Clients, arn: str) -> Sequence[Mapping[str, Any]]:
    """The targets of a group, by its ARN, that its load balancer calls healthy.

    Raises:
        AwsError: they could not be looked at.
    """
    with calling("elasticloadbalancing:DescribeTargetHealth", arn):
        described = clients.client("elbv2").describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    return [held["Target"] for held in described if held["TargetHealth"]["State"] == "healthy"]
