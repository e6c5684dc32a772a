"""The parts of a network that bill nothing themselves."""

from __future__ import annotations

from pricing.registry import free

_PAGE = "https://aws.amazon.com/vpc/pricing/"
_FREE_PARTS = [
    "CustomerGateway",
    "DefaultNetworkAcl",
    "DefaultRouteTable",
    "DefaultSecurityGroup",
    "DefaultSubnet",
    "DefaultVpc",
    "DefaultVpcDhcpOptions",
    "EgressOnlyInternetGateway",
    "EipAssociation",
    "EipDomainName",
    "InternetGateway",
    "InternetGatewayAttachment",
    "MainRouteTableAssociation",
    "ManagedPrefixList",
    "ManagedPrefixListEntry",
    "NetworkAcl",
    "NetworkAclAssociation",
    "NetworkAclRule",
    "NetworkInterface",
    "NetworkInterfaceAttachment",
    "NetworkInterfacePermission",
    "NetworkInterfaceSecurityGroupAttachment",
    "PeeringConnectionOptions",
    "Route",
    "RouteTable",
    "RouteTableAssociation",
    "SecurityGroup",
    "SecurityGroupAssociation",
    "SecurityGroupRule",
    "Subnet",
    "SubnetCidrReservation",
    "TrafficMirrorFilter",
    "TrafficMirrorFilterRule",
    "TrafficMirrorTarget",
    "Vpc",
    "VpcBlockPublicAccessExclusion",
    "VpcBlockPublicAccessOptions",
    "VpcDhcpOptions",
    "VpcDhcpOptionsAssociation",
    "VpcEndpointConnectionAccepter",
    "VpcEndpointConnectionNotification",
    "VpcEndpointPolicy",
    "VpcEndpointRouteTableAssociation",
    "VpcEndpointService",
    "VpcEndpointServiceAllowedPrinciple",
    "VpcEndpointSubnetAssociation",
    "VpcIpv4CidrBlockAssociation",
    "VpcIpv6CidrBlockAssociation",
    "VpcPeeringConnection",
    "VpcPeeringConnectionAccepter",
    "VpcSecurityGroupRulesExclusive",
    "VpnConnectionRoute",
    "VpnGateway",
    "VpnGatewayAttachment",
    "VpnGatewayRoutePropagation",
    "NatGatewayEipAssociation",
]
_FREE_RULES = [
    "SecurityGroupEgressRule",
    "SecurityGroupIngressRule",
    "SecurityGroupVpcAssociation",
    "EndpointPrivateDns",
]
_FREE_TRANSIT = [
    "TransitGateway",
    "RouteTable",
    "Route",
    "RouteTableAssociation",
    "RouteTablePropagation",
    "PrefixListReference",
    "DefaultRouteTableAssociation",
    "DefaultRouteTablePropagation",
    "VpcAttachmentAccepter",
    "PeeringAttachmentAccepter",
    "PolicyTable",
    "PolicyTableAssociation",
]


def _token(module: str, name: str) -> str:
    return f"aws:{module}/{name[0].lower()}{name[1:]}:{name}"


free(
    *(_token("ec2", name) for name in _FREE_PARTS),
    *(_token("vpc", name) for name in _FREE_RULES),
    why="part of a network, free of charge; gateways, endpoints, addresses and traffic bill where they are declared",
    source=_PAGE,
)
free(
    *(_token("ec2transitgateway", name) for name in _FREE_TRANSIT),
    why="a transit gateway bills its attachments and their data",
    source="https://aws.amazon.com/transit-gateway/pricing/",
)
free(
    *(_token("ec2clientvpn", name) for name in ("AuthorizationRule", "Route")),
    why="a client VPN bills its associations and connections",
    source="https://aws.amazon.com/vpn/pricing/",
)
