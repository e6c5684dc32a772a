"""Public addresses that nobody declares one by one: those of load balancers, and of instances in public subnets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pricing.billing import Billing, Unbounded
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey
from pricing.resource import UNKNOWN
from pricing.rules.addresses import public_address
from pricing.rules.references import referred

PUBLIC: Final = UsageKey(
    name="public_ipv4_addresses",
    unit="addresses",
    meaning="public IPv4 addresses of an internet-facing load balancer, if not one for each of its subnets",
)
SUBNET: Final = "aws:ec2/subnet:Subnet"
_DEFAULT_SUBNET: Final = "aws:ec2/defaultSubnet:DefaultSubnet"
_WITHOUT: Final = "dualstack-without-public-ipv4"


def public_addresses(b: Billing, *zones: str) -> Iterator[LineItem]:
    """The addresses of an internet-facing load balancer: one for each subnet or zone, more if more are declared.

    Those that are given as Elastic IPs bill as such. Without any subnet AWS makes no load balancer.
    Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html

    Raises:
        Unbounded: the subnets are unknown and no usage tells their number.
    """
    if b.flag("internal", unknown=False) or b.resource.get("ipAddressType") == _WITHOUT:
        return
    declared = b.use(PUBLIC.name)
    unknown = next((path for path in zones if b.resource.get(path) is UNKNOWN), None)
    if unknown is not None:
        if declared is None:
            raise Unbounded(unknown, PUBLIC.name)
        b.bounded.append(unknown)
    addresses = Quantity.exact(max(_needed(b, path) for path in zones))
    if declared is not None:
        addresses = declared.map(lambda value: max(value, addresses.minimum))
    if addresses.maximum > 0:
        yield public_address(b, addresses)


def _needed(b: Billing, path: str) -> int:
    """Those without an Elastic IP, whose id may be unknown as yet."""
    value = b.resource.get(path)
    listed = value if isinstance(value, list) else []
    given = [b.resource.get(f"{path}.{place}.allocationId") is not None for place, _ in enumerate(listed)]
    return sum(item is UNKNOWN or not has for item, has in zip(listed, given, strict=True))


def in_public_subnet(b: Billing) -> bool:
    """Whether a subnet of the stack that an instance or a group is put into gives public addresses by itself."""
    listed = b.resource.get("vpcZoneIdentifiers")
    wanted = [b.resource.get("subnetId"), *(listed if isinstance(listed, list) else [listed])]
    found = [referred(b, reference, SUBNET, _DEFAULT_SUBNET) for reference in wanted if reference is not None]
    named = {subnet.urn: subnet for subnet in found if subnet is not None}
    if any(reference is UNKNOWN for reference in wanted):
        depended = (r for r in b.graph.of_type(SUBNET, _DEFAULT_SUBNET) if r.urn in b.resource.dependencies)
        named |= {subnet.urn: subnet for subnet in depended}
    return any(
        replace(b, resource=subnet).flag("mapPublicIpOnLaunch", default=subnet.type != SUBNET, unknown=True)
        for subnet in named.values()
    )
