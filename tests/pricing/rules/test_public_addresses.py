from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pricing.resource import UNKNOWN

BALANCER, CLASSIC = "aws:lb/loadBalancer:LoadBalancer", "aws:elb/loadBalancer:LoadBalancer"
SUBNET, INSTANCE = "aws:ec2/subnet:Subnet", "aws:ec2/instance:Instance"
ONE = Decimal("3.65")  # 730 x 0.005


@pytest.mark.parametrize(
    ("properties", "declared", "count"),
    [
        ({"subnets": ["subnet-1", "subnet-2"]}, None, 2),
        ({"subnets": ["subnet-1", "subnet-2"], "internal": False}, 3, 3),
        ({"subnets": ["subnet-1", UNKNOWN], "internal": UNKNOWN}, 0, 2),
        ({"subnets": ["subnet-1", "subnet-2"], "internal": True}, None, 0),
        ({"subnets": ["subnet-1", "subnet-2"], "ipAddressType": "dualstack-without-public-ipv4"}, None, 0),
        ({"subnetMappings": [{"subnetId": "a", "allocationId": "eipalloc-1"}, {"subnetId": "b"}]}, None, 1),
        ({"subnets": UNKNOWN}, 2, 2),
        ({"subnets": ["subnet-1"], "loadBalancerType": "gateway"}, None, 0),
    ],
)
def test_a_load_balancer_on_the_internet_has_an_address_in_each_subnet(
    properties: dict[str, Any], declared: int | None, count: int, make: Any, charge: Any
) -> None:
    usage = {"lcu": 0} if declared is None else {"lcu": 0, "public_ipv4_addresses": declared}
    bill = charge(make(BALANCER, **properties), usage=usage)

    assert bill.codes == []
    assert bill.lines.get("Public IPv4 address", 0) == count * ONE


def test_a_classic_load_balancer_has_an_address_in_each_zone(make: Any, charge: Any) -> None:
    bill = charge(make(CLASSIC, availabilityZones=["a", "b", "c"]), usage={"processed_gb": 0})

    assert bill.lines["Public IPv4 address"] == 3 * ONE


def test_unknown_subnets_need_a_declared_number(make: Any, charge: Any) -> None:
    bill = charge(make(BALANCER, subnets=UNKNOWN), usage={"lcu": 0})

    assert bill.codes == ["unbounded-unknown"]
    assert "`public_ipv4_addresses`" in bill.messages


@pytest.mark.parametrize(
    ("subnet", "instance", "count"),
    [
        ({"mapPublicIpOnLaunch": True}, {}, 1),
        ({"mapPublicIpOnLaunch": True}, {"associatePublicIpAddress": False}, 0),
        ({"mapPublicIpOnLaunch": False}, {}, 0),
        ({}, {}, 0),
        ({}, {"associatePublicIpAddress": True}, 1),
        ({"mapPublicIpOnLaunch": UNKNOWN}, {}, 1),
    ],
)
def test_a_public_subnet_gives_its_instances_addresses(
    subnet: dict[str, Any], instance: dict[str, Any], count: int, make: Any, charge: Any
) -> None:
    network = make(SUBNET, **subnet)
    bill = charge(
        network,
        make(INSTANCE, depends=[network], instanceType="t3.micro", subnetId=UNKNOWN, **instance),
        usage={"disk_gb": 8},
    )

    assert bill.codes == []
    assert bill.lines.get("Public IPv4 address", 0) == count * ONE


def test_a_default_subnet_is_public(make: Any, charge: Any) -> None:
    subnet = make("aws:ec2/defaultSubnet:DefaultSubnet", availabilityZone="us-east-1a")
    template = make("aws:ec2/launchTemplate:LaunchTemplate", "web", name="web", instanceType="t3.micro")
    group = make(
        "aws:autoscaling/group:Group",
        depends=[subnet],
        launchTemplate={"name": "web"},
        minSize=2,
        maxSize=2,
        vpcZoneIdentifiers=[UNKNOWN],
    )
    bill = charge(subnet, template, group, usage={"disk_gb": 8})

    assert bill.lines["Public IPv4 address"] == 2 * ONE
