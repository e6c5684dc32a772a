"""Load balancers: the hour, and what passes through them."""

from __future__ import annotations

from collections.abc import Iterator

from pricing.billing import Billing, Unpriceable
from pricing.line_item import LineItem
from pricing.registry import UsageKey, priced, through_parent
from pricing.rules.public_addresses import PUBLIC, public_addresses

_PAGE = "https://aws.amazon.com/elasticloadbalancing/pricing/"
_KINDS = {
    "application": ("Application Load Balancer", "LCU"),
    "network": ("Network Load Balancer", "NLCU"),
    "gateway": ("Gateway Load Balancer", "GLCU"),
}
_MODULES = ("lb", "alb", "elasticloadbalancingv2", "applicationloadbalancing")
_PARTS = (
    ("listener", "Listener"),
    ("listenerCertificate", "ListenerCertificate"),
    ("listenerRule", "ListenerRule"),
    ("targetGroup", "TargetGroup"),
    ("targetGroupAttachment", "TargetGroupAttachment"),
)
_CLASSIC_MODULES = ("elb", "elasticloadbalancing")
_CLASSIC_PARTS = (
    ("appCookieStickinessPolicy", "AppCookieStickinessPolicy"),
    ("attachment", "Attachment"),
    ("listenerPolicy", "ListenerPolicy"),
    ("loadBalancerBackendServerPolicy", "LoadBalancerBackendServerPolicy"),
    ("loadBalancerCookieStickinessPolicy", "LoadBalancerCookieStickinessPolicy"),
    ("loadBalancerPolicy", "LoadBalancerPolicy"),
    ("sslNegotiationPolicy", "SslNegotiationPolicy"),
)


@priced(
    *(f"aws:{module}/loadBalancer:LoadBalancer" for module in _MODULES),
    usage=[
        PUBLIC,
        UsageKey(
            name="lcu",
            unit="capacity units",
            meaning="capacity units (LCU, NLCU or GLCU) in use, averaged over all hours of the month",
        ),
    ],
)
def load_balancer(b: Billing) -> Iterator[LineItem]:
    """The hours of the load balancer, its capacity units, and the public addresses it uses."""
    kind = b.text("loadBalancerType", "application")
    if kind not in _KINDS:
        msg = f"property `loadBalancerType` is {kind!r}; accepted are {', '.join(_KINDS)}"
        raise Unpriceable(msg)
    name, unit = _KINDS[kind]
    yield b.item(name, f"elb.{kind}.hour", b.hours, f"1 load balancer x {b.hours} hours")
    yield b.usage_item(f"Capacity units ({unit})", f"elb.{kind}.lcu", "lcu", factor=b.hours)
    if kind != "gateway":
        yield from public_addresses(b, "subnets", "subnetMappings")


@priced(
    *(f"aws:{module}/loadBalancer:LoadBalancer" for module in _CLASSIC_MODULES),
    usage=[
        PUBLIC,
        UsageKey(name="processed_gb", unit="GB", meaning="data that passes through the load balancer a month"),
    ],
)
def classic_load_balancer(b: Billing) -> Iterator[LineItem]:
    """The hours of the load balancer and the data it processes."""
    yield b.item("Classic Load Balancer", "elb.classic.hour", b.hours, f"1 load balancer x {b.hours} hours")
    yield b.usage_item("Processed data", "elb.classic.data", "processed_gb")
    yield from public_addresses(b, "subnets", "availabilityZones")


through_parent(
    *(f"aws:{module}/{part}:{kind}" for module in _MODULES for part, kind in _PARTS),
    *(f"aws:{module}/{part}:{kind}" for module in _CLASSIC_MODULES for part, kind in _CLASSIC_PARTS),
    why="part of a load balancer, which bills hours and capacity units",
    source=_PAGE,
)
