"""The zones around an impairment through boto3: subnets, the balancer that shifts, healthy targets by zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contract.experiments import Zone
from runners.aws.balancer import balancer, healthy_targets, target_group_arn
from runners.aws.session import Clients, calling
from runners.aws.whereabouts import whereabouts
from runners.chaos.before.looks import Looks
from runners.chaos.before.situation import ZoneSituation

_SHIFTS: Final = "zonal_shift.config.enabled"


@dataclass(frozen=True)
class AwsZones:
    """One account and region."""

    clients: Clients

    def candidates(self, zone: Zone) -> dict[str, dict[str, str]]:
        """What an impairment hits, with tags: the subnets by id, and the balancer.

        Raises:
            AwsError: they could not be looked at.
        """
        found = {held["SubnetId"]: _tags(held.get("Tags", [])) for held in self._subnets(_ids(zone))}
        arn = balancer(self.clients, zone.load_balancer)["LoadBalancerArn"]
        with calling("elasticloadbalancing:DescribeTags", arn):
            described = self.clients.client("elbv2").describe_tags(ResourceArns=[arn])["TagDescriptions"]
        return {**found, zone.load_balancer: _tags(described[0]["Tags"] if described else [])}

    def situation(self, zone: Zone) -> ZoneSituation:
        """The zones as they are; parts that could not be read are None."""
        looks, mine = Looks(), whereabouts()
        subnets = looks.at("subnets", lambda: self._subnets(_ids(zone)))
        ranges = None if subnets is None else looks.at("ranges", lambda: _by_id(subnets, "CidrBlock"))
        return ZoneSituation(
            healthy=looks.at("healthy", lambda: self._healthy(zone)),
            subnets=None if subnets is None else looks.at("subnets", lambda: _by_id(subnets, "AvailabilityZoneId")),
            shifts=looks.at("shifts", lambda: self._shifts(zone)),
            runner_inside=None if mine is None or ranges is None else mine.inside(ranges),
            unread=looks.unread,
        )

    def _shifts(self, zone: Zone) -> bool:
        arn = balancer(self.clients, zone.load_balancer)["LoadBalancerArn"]
        with calling("elasticloadbalancing:DescribeLoadBalancerAttributes", arn):
            answer = self.clients.client("elbv2").describe_load_balancer_attributes(LoadBalancerArn=arn)
        attributes = {held["Key"]: held["Value"] for held in answer["Attributes"]}
        return bool(attributes[_SHIFTS] == "true")

    def _healthy(self, zone: Zone) -> Mapping[str, int]:
        """Healthy targets by zone id: addresses say their zone, instances are looked up."""
        healthy = healthy_targets(self.clients, target_group_arn(self.clients, zone.target_group))
        instances = sorted(held["Id"] for held in healthy if held["Id"].startswith("i-"))
        subnets = self._subnets_of_instances(instances) if instances else {}
        ids = {held["SubnetId"]: held["AvailabilityZoneId"] for held in self._subnets(sorted(set(subnets.values())))}
        zones = [ids[subnets[instance]] for instance in instances]
        named = [str(held.get("AvailabilityZone", "")) for held in healthy if not held["Id"].startswith("i-")]
        return Counter(zones) + Counter(self._zone_ids(zone, named))

    def _zone_ids(self, zone: Zone, names: list[str]) -> Iterator[str]:
        """The ids of zones that are named: those that the balancer is in are known by its subnets."""
        if not names:
            return
        places = balancer(self.clients, zone.load_balancer)["AvailabilityZones"]
        subnets = self._subnets([held["SubnetId"] for held in places])
        ids = {held["AvailabilityZone"]: held["AvailabilityZoneId"] for held in subnets}
        for name in names:
            yield ids[name]

    def _subnets_of_instances(self, ids: list[str]) -> Mapping[str, str]:
        with calling("ec2:DescribeInstances", "targets"):
            pages = list(self.clients.client("ec2").get_paginator("describe_instances").paginate(InstanceIds=ids))
        found = [held for page in pages for part in page["Reservations"] for held in part["Instances"]]
        return {held["InstanceId"]: held["SubnetId"] for held in found}

    def _subnets(self, ids: list[str]) -> Sequence[Mapping[str, Any]]:
        if not ids:
            return []
        with calling("ec2:DescribeSubnets", ", ".join(ids)):
            return self.clients.client("ec2").describe_subnets(SubnetIds=ids)["Subnets"]


def _ids(zone: Zone) -> list[str]:
    return [arn.rsplit("/", 1)[-1] for arn in zone.subnets]


def _by_id(subnets: Sequence[Mapping[str, Any]], key: str) -> dict[str, str]:
    """One property of each subnet."""
    return {held["SubnetId"]: held[key] for held in subnets}


def _tags(listed: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in listed}
