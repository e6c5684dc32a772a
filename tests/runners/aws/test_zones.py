"""Healthy targets by zone, through boto3: instances are looked up, addresses say their zone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from contract.experiments import Zone
from local.server import Running
from runners.aws.session import AwsClients
from runners.aws.whereabouts import Whereabouts
from runners.aws.zones import AwsZones

pytestmark = pytest.mark.cloud


@pytest.fixture
def shop(cloud: Running) -> AwsClients:
    return AwsClients("us-east-1", endpoint=cloud.endpoint.url, keys=("local", "local", None), attempts=1)


@pytest.fixture
def zone(shop: AwsClients, monkeypatch: pytest.MonkeyPatch) -> Zone:
    monkeypatch.setattr("runners.aws.zones.whereabouts", Whereabouts)
    elb = shop.client("elbv2")
    [balancer] = elb.describe_load_balancers(Names=["shop"])["LoadBalancers"]
    place = next(held for held in balancer["AvailabilityZones"] if held["ZoneName"] == "us-east-1a")
    [subnet] = shop.client("ec2").describe_subnets(SubnetIds=[place["SubnetId"]])["Subnets"]
    return Zone(
        id=subnet["AvailabilityZoneId"],
        subnets=(subnet["SubnetArn"],),
        load_balancer="app/shop/50dc6c495c0c9188",
        target_group="targetgroup/shop-web/6d0ecf831eec9f09",
    )


@pytest.fixture
def addresses(shop: AwsClients, zone: Zone) -> Iterator[Zone]:
    """A target group of addresses, two in the one zone and one in the other."""
    elb = shop.client("elbv2")
    vpc = elb.describe_load_balancers(Names=["shop"])["LoadBalancers"][0]["VpcId"]
    group = elb.create_target_group(Name="by-address", Protocol="HTTP", Port=80, VpcId=vpc, TargetType="ip")
    arn = group["TargetGroups"][0]["TargetGroupArn"]
    listener = elb.create_listener(
        LoadBalancerArn=elb.describe_load_balancers(Names=["shop"])["LoadBalancers"][0]["LoadBalancerArn"],
        Protocol="HTTP",
        Port=8081,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}],
    )["Listeners"][0]["ListenerArn"]
    places = (("10.0.0.5", "us-east-1a"), ("10.0.0.6", "us-east-1a"), ("10.0.1.5", "us-east-1b"))
    targets = [{"Id": address, "Port": 80, "AvailabilityZone": name} for address, name in places]
    elb.register_targets(TargetGroupArn=arn, Targets=targets)

    def with_zones(parsed: dict[str, Any], **_: Any) -> None:
        """Moto forgets the zones that AWS answers with."""
        for held in parsed["TargetHealthDescriptions"]:
            held["Target"]["AvailabilityZone"] = dict(places)[held["Target"]["Id"]]

    elb.meta.events.register("after-call.elastic-load-balancing-v2.DescribeTargetHealth", with_zones)
    yield replace(zone, target_group=arn.split(":")[-1])
    elb.delete_listener(ListenerArn=listener)
    elb.delete_target_group(TargetGroupArn=arn)


def test_instances_are_counted_where_they_are(shop: AwsClients, zone: Zone) -> None:
    seen = AwsZones(shop).situation(zone)
    assert seen.healthy is not None
    assert sorted(seen.healthy.values()) == [1, 1]
    assert seen.healthy[zone.id] == 1
    assert (seen.shifts, seen.runner_inside) == (True, False)
    assert seen.subnets == {zone.subnets[0].rsplit("/", 1)[-1]: zone.id}


def test_what_is_not_there_is_not_known(shop: AwsClients, zone: Zone) -> None:
    gone = {
        "subnets": ("arn:aws:ec2:us-east-1:123456789012:subnet/subnet-0f0f0f0f",),
        "load_balancer": "app/gone/0",
        "target_group": "targetgroup/gone/0",
    }
    seen = AwsZones(shop).situation(replace(zone, **gone))
    assert (seen.healthy, seen.subnets, seen.shifts, seen.runner_inside) == (None, None, None, None)


def test_addresses_say_their_zone(shop: AwsClients, addresses: Zone) -> None:
    seen = AwsZones(shop).situation(addresses)
    assert seen.healthy is not None
    assert seen.healthy[addresses.id] == 2
    assert sorted(seen.healthy.values()) == [1, 2]
