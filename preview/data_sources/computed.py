"""Data sources that need no cloud: what follows from region, account and the arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from preview.data_sources.policy_document import policy_document
from preview.data_sources.zones import zones_of
from pricing.resource import UNKNOWN, Plain

_PARTITIONS: Final = {
    "cn-": ("aws-cn", "amazonaws.com.cn", "cn.com.amazonaws"),
    "us-gov-": ("aws-us-gov", "amazonaws.com", "com.amazonaws"),
}
_AWS: Final = ("aws", "amazonaws.com", "com.amazonaws")
_ARN_PARTS: Final = ("partition", "service", "region", "account", "resource")


@dataclass(frozen=True)
class Where:
    """Region and account that a call is about; None where they are not known."""

    region: str | None
    account: str | None

    @property
    def partition(self) -> tuple[str, str, str] | None:
        """Name, DNS suffix and its reverse."""
        if self.region is None:
            return None
        return next((found for prefix, found in _PARTITIONS.items() if self.region.startswith(prefix)), _AWS)


def computed(token: str, args: Mapping[str, Any], where: Where) -> Mapping[str, Plain] | None:
    """The answer of a data source, or None when it cannot be computed.

    Raises:
        ValueError: the arguments are not what the data source accepts.
    """
    rule = _RULES.get(token)
    return rule(args, where) if rule else None


def _region(args: Mapping[str, Any], where: Where) -> Mapping[str, Plain] | None:
    region = args.get("region") or args.get("name") or where.region
    if region is None:
        return None
    endpoint = f"ec2.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"
    return {"id": region, "name": region, "region": region, "endpoint": endpoint, "description": UNKNOWN}


def _partition(_args: Mapping[str, Any], where: Where) -> Mapping[str, Plain] | None:
    if where.partition is None:
        return None
    name, suffix, reverse = where.partition
    return {"id": name, "partition": name, "dnsSuffix": suffix, "reverseDnsPrefix": reverse}


def _caller(_args: Mapping[str, Any], where: Where) -> Mapping[str, Plain] | None:
    # Who signs is not known before somebody does; the account is.
    account = where.account
    if account is None:
        return None
    return {"id": account, "accountId": account, "arn": UNKNOWN, "userId": UNKNOWN}


def _arn(args: Mapping[str, Any], _where: Where) -> Mapping[str, Plain]:
    parts = str(args.get("arn", "")).split(":", 5)
    if len(parts) != 6 or parts[0] != "arn":
        msg = f"{args.get('arn')!r} is not an ARN"
        raise ValueError(msg)
    return {"id": args["arn"], "arn": args["arn"], **dict(zip(_ARN_PARTS, parts[1:], strict=True))}


def _zones(args: Mapping[str, Any], where: Where) -> Mapping[str, Plain] | None:
    region = args.get("region") or where.region
    narrowed = args.keys() - {"region", "state"} or args.get("state", "available") != "available"
    names = zones_of(region) if region and not narrowed else None
    if names is None:
        return None
    return {"id": region, "region": region, "state": "available", "names": [*names], "zoneIds": UNKNOWN}


def _service_principal(args: Mapping[str, Any], where: Where) -> Mapping[str, Plain] | None:
    region = args.get("region") or where.region
    if region is None or region.startswith("cn-"):
        return None
    name = f"{args['serviceName']}.amazonaws.com"
    return {"id": name, "name": name, "region": region, "serviceName": args["serviceName"], "suffix": "amazonaws.com"}


_RULES: Final[Mapping[str, Callable[[Mapping[str, Any], Where], Mapping[str, Plain] | None]]] = {
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getCallerIdentity:getCallerIdentity": _caller,
    "aws:index/getArn:getArn": _arn,
    "aws:index/getAvailabilityZones:getAvailabilityZones": _zones,
    "aws:index/getServicePrincipal:getServicePrincipal": _service_principal,
    "aws:iam/getPolicyDocument:getPolicyDocument": lambda args, _where: policy_document(args),
}
