from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pricing.resource import UNKNOWN

ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
INTERFACE = {"vpcEndpointType": "Interface"}
# infracost goldens nat_gateway (32.85, 100 GB 4.50), vpc_endpoint (7.30 a zone, 7M GB in three tiers), eip (3.65),
# ec2_transit_gateway_vpc_attachment (36.50), vpn_connection (36.50 + 36.50, 100 GB 2.00), ec2_client_vpn_* (73.00).
CASES = [
    ("730 x 0.045 + 100 GB x 0.045", "aws:ec2/natGateway:NatGateway", {}, {"processed_gb": 100}, "37.35"),
    (
        "a regional gateway in 3 zones, with an address in each: 3 x 730 x (0.045 + 0.005)",
        "aws:ec2/natGateway:NatGateway",
        {"availabilityMode": "regional"},
        {"zones": 3, "processed_gb": 0},
        "109.5",
    ),
    (
        "a regional gateway in 3 zones, with Elastic IPs of its own",
        "aws:ec2/natGateway:NatGateway",
        {"availabilityMode": "regional", "availabilityZoneAddresses": [{"allocationIds": ["eipalloc-1"]}]},
        {"zones": 3, "processed_gb": 0},
        "98.55",
    ),
    ("730 x 0.005", "aws:ec2/eip:Eip", {"domain": "vpc"}, {}, "3.65"),
    ("an address of one's own pool", "aws:ec2/eip:Eip", {"publicIpv4Pool": "ipv4pool-ec2-1"}, {}, "0"),
    ("2 zones x 730 x 0.01", ENDPOINT, {**INTERFACE, "subnetIds": ["a", "b"]}, {"processed_gb": 0}, "14.6"),
    ("no subnets still bill one zone", ENDPOINT, INTERFACE, {"processed_gb": 0}, "7.3"),
    ("1000 GB x 0.01", ENDPOINT, INTERFACE, {"processed_gb": 1000}, "17.3"),
    ("10000 + 24000 + 8000 in tiers", ENDPOINT, INTERFACE, {"processed_gb": 7_000_000}, "42007.3"),
    (
        "7.30 + 1000 GB x 0.0035",
        ENDPOINT,
        {"vpcEndpointType": "GatewayLoadBalancer", "subnetIds": ["a"]},
        {"processed_gb": 1000},
        "10.8",
    ),
    (
        "730 x 0.05 + 100 GB x 0.02",
        "aws:ec2transitgateway/vpcAttachment:VpcAttachment",
        {},
        {"processed_gb": 100},
        "38.5",
    ),
    ("730 x 0.05", "aws:ec2/vpnConnection:VpnConnection", {"vpnGatewayId": UNKNOWN}, {}, "36.5"),
    (
        "on a transit gateway: 36.50 + 36.50 + 2.00",
        "aws:ec2/vpnConnection:VpnConnection",
        {"transitGatewayId": UNKNOWN},
        {"processed_gb": 100},
        "75",
    ),
    ("730 x 0.10", "aws:ec2clientvpn/networkAssociation:NetworkAssociation", {}, {}, "73"),
    ("730 h x 0.05", "aws:ec2clientvpn/endpoint:Endpoint", {}, {"connection_hours": 730}, "36.5"),
    ("730 x 0.015", "aws:ec2/trafficMirrorSession:TrafficMirrorSession", {}, {}, "10.95"),
    ("0.6 GB of vended logs x 0.50", "aws:ec2/flowLog:FlowLog", {}, {"log_gb": "0.6"}, "0.3"),
]


@pytest.mark.parametrize(("arithmetic", "token", "properties", "usage", "usd"), CASES, ids=[case[0] for case in CASES])
def test_a_part_of_a_network_costs_the_list_price(
    arithmetic: str, token: str, properties: dict[str, Any], usage: dict[str, Any], usd: str, make: Any, charge: Any
) -> None:
    bill = charge(make(token, **properties), usage=usage)

    assert bill.codes == []
    assert bill.total == Decimal(usd)


@pytest.mark.parametrize("properties", [{}, {"vpcEndpointType": "Gateway"}])
def test_gateway_endpoints_are_free(properties: dict[str, str], make: Any, charge: Any) -> None:
    bill = charge(make(ENDPOINT, **properties))

    assert (bill.codes, bill.lines) == ([], {})


def test_unknown_subnets_need_a_bound(make: Any, charge: Any) -> None:
    endpoint = make(ENDPOINT, **INTERFACE, subnetIds=UNKNOWN)

    assert charge(endpoint).codes == ["unbounded-unknown"]
    assert charge(endpoint, usage={"zones": 3, "processed_gb": 0}).total == Decimal("21.9")


def test_subnets_joined_apart_count(make: Any, charge: Any) -> None:
    endpoint = make(ENDPOINT, **INTERFACE, subnetIds=["a"])
    token = "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation"
    joined = make(token, depends=[endpoint], vpcEndpointId=UNKNOWN)

    assert charge(joined, endpoint, usage={"processed_gb": 0}).total == Decimal("14.6")


@pytest.mark.parametrize(
    ("token", "properties"),
    [
        (ENDPOINT, {"vpcEndpointType": "ServiceNetwork"}),
        ("aws:ec2/flowLog:FlowLog", {"logDestinationType": "kinesis-data-firehose"}),
    ],
)
def test_kinds_without_a_price_are_refused(token: str, properties: dict[str, str], make: Any, charge: Any) -> None:
    assert charge(make(token, **properties)).codes == ["unpriceable"]


@pytest.mark.parametrize(
    ("token", "key"), [("aws:ec2/natGateway:NatGateway", "processed_gb"), ("aws:ec2/flowLog:FlowLog", "log_gb")]
)
def test_traffic_must_be_declared(token: str, key: str, make: Any, charge: Any) -> None:
    bill = charge(make(token))

    assert bill.codes == ["undeclared-usage"]
    assert key in bill.messages


@pytest.mark.parametrize(
    "token",
    [
        "aws:ec2/vpc:Vpc",
        "aws:ec2/subnet:Subnet",
        "aws:ec2/routeTable:RouteTable",
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "aws:ec2/internetGateway:InternetGateway",
        "aws:ec2/networkAcl:NetworkAcl",
    ],
)
def test_the_rest_is_free_and_says_why(token: str, make: Any, charge: Any) -> None:
    priced = charge(make(token)).priced

    assert priced.classification == "free"
    assert priced.reason
