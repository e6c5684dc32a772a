"""The address of the stack's own load balancer."""

from __future__ import annotations

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
    client = clients.client("elbv2")
    with calling("elasticloadbalancing:DescribeLoadBalancers", load_balancer):
        found = client.describe_load_balancers(Names=[load_balancer.split("/")[1]])["LoadBalancers"][0]
    with calling("elasticloadbalancing:DescribeListeners", load_balancer):
        listeners = client.describe_listeners(LoadBalancerArn=found["LoadBalancerArn"])["Listeners"]
    secure = any(held.get("Protocol") == "HTTPS" for held in listeners)
    return f"{'https' if secure else 'http'}://{found['DNSName']}"
