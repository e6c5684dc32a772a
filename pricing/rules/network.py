"""Networks: what bills by the hour (NAT, endpoints, addresses, gateways), and the many parts that do not."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pricing.billing import Billing, Unbounded, Unpriceable
from pricing.line_item import LineItem
from pricing.quantity import Quantity
from pricing.registry import UsageKey, priced
from pricing.resource import UNKNOWN
from pricing.rules.arithmetic import shown
from pricing.rules.references import refers_to

_PAGE = "https://aws.amazon.com/vpc/pricing/"
_ENDPOINTS = "https://aws.amazon.com/privatelink/pricing/"
_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
_ENDPOINT_SUBNET = "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation"
_PROCESSED = UsageKey(name="processed_gb", unit="GB", meaning="data that passes through it a month, in both directions")


@priced(
    "aws:ec2/natGateway:NatGateway",
    usage=[
        UsageKey(name="zones", unit="zones", meaning="zones that a regional gateway serves; a zonal one has no need"),
        _PROCESSED,
    ],
)
def nat_gateway(b: Billing) -> Iterator[LineItem]:
    """A NAT gateway bills by the hour and by the data; its public address is the Elastic IP's line."""
    if b.text("availabilityMode", "zonal") == "zonal":
        yield b.item("NAT gateway", "vpc.nat_gateway.hour", b.hours, f"1 gateway x {b.hours} hours")
    else:
        yield b.usage_item("NAT gateway (regional)", "vpc.nat_gateway.hour", "zones", factor=b.hours)
        if b.resource.get("availabilityZoneAddresses") is None:
            yield b.usage_item("Public IPv4 addresses", "vpc.public_ipv4", "zones", factor=b.hours)
    yield b.usage_item("Processed data", "vpc.nat_gateway.data", "processed_gb")


@priced("aws:ec2/eip:Eip")
def elastic_ip(b: Billing) -> Iterator[LineItem]:
    """A public IPv4 address bills by the hour, in use or not; an address of one's own pool does not."""
    if b.resource.get("publicIpv4Pool") in (None, "amazon", UNKNOWN):
        yield b.item("Public IPv4 address", "vpc.public_ipv4", b.hours, f"1 address x {b.hours} hours")


@priced(
    _ENDPOINT,
    usage=[
        UsageKey(name="zones", unit="zones", meaning="zones of an interface endpoint whose subnets are unknown"),
        _PROCESSED,
    ],
)
def vpc_endpoint(b: Billing) -> Iterator[LineItem]:
    """Gateway endpoints are free; the others bill by the hour in every zone, and by the data."""
    kind = b.text("vpcEndpointType", "Gateway")
    if kind == "Gateway":
        return
    prices = {"Interface": "interface", "GatewayLoadBalancer": "gateway_load_balancer"}
    if kind not in prices:
        msg = f"property `vpcEndpointType` is {kind!r}; accepted are Gateway, {', '.join(prices)}"
        raise Unpriceable(msg)
    zones = _zones(b)
    key = f"vpc.endpoint.{prices[kind]}"
    name = f"Endpoint ({kind})"
    yield b.item(name, f"{key}.hour", zones * b.hours, f"{shown(zones)} zones x {b.hours} hours")
    yield b.usage_item("Processed data", f"{key}.data", "processed_gb")


def _zones(b: Billing) -> Quantity:
    """One endpoint interface for each subnet; an endpoint without any still bills one."""
    value = b.resource.get("subnetIds")
    configurations = b.resource.get("subnetConfigurations")
    if UNKNOWN in (value, configurations):
        declared = b.use("zones")
        if declared is None:
            raise Unbounded("subnetIds", "zones")
        return declared
    apart = sum(refers_to(other, b.resource, "vpcEndpointId") for other in b.graph.of_type(_ENDPOINT_SUBNET))
    listed = value if isinstance(value, list) else configurations if isinstance(configurations, list) else []
    return Quantity.exact(max(1, len(listed) + apart))


@priced(
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment",
    "aws:ec2transitgateway/peeringAttachment:PeeringAttachment",
    usage=[_PROCESSED],
)
def transit_gateway_attachment(b: Billing) -> Iterator[LineItem]:
    """Each attachment bills by the hour and by the data it sends to the gateway."""
    yield b.item("Transit gateway attachment", "vpc.transit_gateway.attachment", b.hours, f"1 x {b.hours} hours")
    yield b.usage_item("Processed data", "vpc.transit_gateway.data", "processed_gb")


@priced("aws:ec2/vpnConnection:VpnConnection", usage=[_PROCESSED])
def vpn_connection(b: Billing) -> Iterator[LineItem]:
    """A connection bills by the hour; on a transit gateway it is an attachment too."""
    yield b.item("VPN connection", "vpc.vpn_connection", b.hours, f"1 connection x {b.hours} hours")
    if b.resource.get("transitGatewayId") is not None:
        yield from transit_gateway_attachment(b)


@priced("aws:ec2clientvpn/networkAssociation:NetworkAssociation")
def client_vpn_association(b: Billing) -> Iterator[LineItem]:
    """Each subnet that a client VPN is joined to bills by the hour."""
    yield b.item("Client VPN association", "vpc.client_vpn.association", b.hours, f"1 subnet x {b.hours} hours")


@priced(
    "aws:ec2clientvpn/endpoint:Endpoint",
    usage=[UsageKey(name="connection_hours", unit="hours", meaning="hours a month that all clients are connected")],
    by_usage=True,
)
def client_vpn(b: Billing) -> Iterator[LineItem]:
    """A client VPN bills each hour that a client is connected; its subnets bill with their associations."""
    yield b.usage_item("Client connections", "vpc.client_vpn.connection", "connection_hours")


@priced("aws:ec2/trafficMirrorSession:TrafficMirrorSession")
def traffic_mirror(b: Billing) -> Iterator[LineItem]:
    """Every mirrored network interface bills by the hour."""
    yield b.item("Mirror session", "vpc.traffic_mirror.session", b.hours, f"1 session x {b.hours} hours")


@priced(
    "aws:ec2/flowLog:FlowLog",
    usage=[UsageKey(name="log_gb", unit="GB", meaning="flow log data a month; 1-minute aggregation multiplies it")],
    by_usage=True,
)
def flow_log(b: Billing) -> Iterator[LineItem]:
    """Flow logs are vended logs: they bill what they deliver, to CloudWatch Logs or to S3."""
    target = b.text("logDestinationType", "cloud-watch-logs", unknown="cloud-watch-logs")
    prices = {"cloud-watch-logs": "logs.ingest.vended", "s3": "logs.ingest.delivery"}
    if target not in prices:
        msg = f"property `logDestinationType` is {target!r}; accepted are {', '.join(prices)}"
        raise Unpriceable(msg)
    yield b.usage_item("Delivered flow logs", prices[target], "log_gb", divisor=Decimal(1))
