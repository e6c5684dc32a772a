from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pricing.resource import UNKNOWN

INSTANCE = "aws:ec2/instance:Instance"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
CONFIGURATION = "aws:ec2/launchConfiguration:LaunchConfiguration"
GROUP = "aws:autoscaling/group:Group"
ROOT = {"rootBlockDevice": {"volumeSize": 8, "volumeType": "gp2"}}
DISK = {"blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": {"volumeSize": 10, "volumeType": "gp3"}}]}

# Linux on demand, AWS Price List API for us-east-1 as of 2026-07-20; hours x 730.
HOURLY = [
    ("t2.micro", "0.0116"),
    ("t3.micro", "0.0104"),
    ("t3.small", "0.0208"),
    ("t3a.medium", "0.0376"),
    ("t4g.nano", "0.0042"),
    ("m5.large", "0.096"),
    ("m6i.xlarge", "0.192"),
    ("m6g.large", "0.077"),
    ("m7i.large", "0.1008"),
    ("m7g.large", "0.0816"),
    ("m7a.medium", "0.05796"),
    ("c5.large", "0.085"),
    ("c6g.medium", "0.034"),
    ("c7i.large", "0.08925"),
    ("c7g.large", "0.0725"),
    ("r5.large", "0.126"),
    ("r6g.large", "0.1008"),
    ("r7g.large", "0.1071"),
    ("i3.large", "0.156"),
    ("i4i.4xlarge", "1.373"),
]


@pytest.mark.parametrize(("kind", "hourly"), HOURLY)
def test_an_instance_costs_its_hours(kind: str, hourly: str, make: Any, charge: Any) -> None:
    bill = charge(make(INSTANCE, instanceType=kind, **ROOT))

    assert bill.codes == []
    assert bill.lines[f"Instance ({kind}, Linux, on demand)"] == Decimal(hourly) * 730


# infracost's instance golden (us-east-1): t3.medium 30.37 (t3.medium 0.0416 x 730 = 30.368), root gp2 8 GB 0.80,
# detailed monitoring 7 metrics 2.10, io1 20 GB 2.50 and 200 IOPS 13.00, 1460 vCPU-hours of credits 73.00.
PARTS = [
    ("30.368 + 0.80", {}, {}, "31.168"),
    ("and 7 metrics x 0.30", {"monitoring": True}, {}, "33.268"),
    ("and 730 x 0.005 for the address", {"associatePublicIpAddress": True}, {}, "34.818"),
    (
        "and io1: 20 GB x 0.125 + 200 IOPS x 0.065",
        {"ebsBlockDevices": [{"deviceName": "b", "volumeType": "io1", "volumeSize": 20, "iops": 200}]},
        {},
        "46.668",
    ),
    ("and 1460 vCPU-hours x 0.05", {}, {"surplus_vcpu_hours": 1460}, "104.168"),
    ("and 10 GB out x 0.09", {}, {"internet_out_gb": 10}, "32.068"),
]


@pytest.mark.parametrize(("kind", "lines"), [("t3.medium", 1), ("t2.micro", 1), ("m5.large", 0)])
def test_only_what_bursts_pays_for_credits(kind: str, lines: int, make: Any, charge: Any) -> None:
    bill = charge(make(INSTANCE, instanceType=kind, **ROOT), usage={"surplus_vcpu_hours": 1460})

    assert [name.startswith("CPU credits") for name in bill.lines].count(True) == lines


@pytest.mark.parametrize(("arithmetic", "properties", "usage", "usd"), PARTS, ids=[case[0] for case in PARTS])
def test_what_an_instance_adds(
    arithmetic: str, properties: dict[str, Any], usage: dict[str, Any], usd: str, make: Any, charge: Any
) -> None:
    bill = charge(make(INSTANCE, instanceType="t3.medium", **ROOT, **properties), usage=usage)

    assert bill.codes == []
    assert bill.total == Decimal(usd)


def test_a_root_disk_that_the_image_decides_must_be_declared(make: Any, charge: Any) -> None:
    instance = make(INSTANCE, instanceType="t3.micro")

    assert charge(instance).codes == ["undeclared-usage"]
    assert charge(instance, usage={"disk_gb": 8}).total == Decimal("8.392")


REFUSED = [
    ({"instanceType": "t9.huge"}, "missing-price", "ial cost refresh-prices --region us-east-1"),
    ({"instanceType": UNKNOWN}, "unbounded-unknown", "instanceType"),
    ({"instanceType": "t3.micro", "instanceMarketOptions": {"marketType": "spot"}}, "unpriceable", "on-demand"),
    ({"instanceType": "t3.micro", "instanceMarketOptions": UNKNOWN}, "unbounded-unknown", "instanceMarketOptions"),
    ({"instanceType": "t3.micro", "tenancy": "dedicated"}, "unpriceable", "accepted is default"),
    ({"instanceType": "t3.micro", "ami": "resolve:ssm:/aws/service/ami-windows-latest/x"}, "unpriceable", "Linux"),
]


@pytest.mark.parametrize(("properties", "code", "said"), REFUSED)
def test_what_has_no_list_price_is_refused(
    properties: dict[str, Any], code: str, said: str, make: Any, charge: Any
) -> None:
    bill = charge(make(INSTANCE, **ROOT, **properties))

    assert bill.codes == [code]
    assert said in bill.messages


def test_an_unlisted_region_is_refused_with_the_command(make: Any, charge: Any) -> None:
    bill = charge(make(INSTANCE, instanceType="t3.micro", **ROOT), region="eu-west-3")

    assert bill.codes == ["missing-price"]
    assert "ial cost refresh-prices --region eu-west-3" in bill.messages


def test_an_instance_takes_what_it_lacks_from_its_template(make: Any, charge: Any) -> None:
    # t3.micro 7.592 + gp3 10 GB x 0.08
    template = make(TEMPLATE, "web", name="web", instanceType="t3.micro", **DISK)

    assert charge(template, make(INSTANCE, launchTemplate={"name": "web"})).total == Decimal("8.392")
    assert charge(template, make(INSTANCE, instanceType="t3.small", launchTemplate={"name": "web"})).total == Decimal(
        "15.984"
    )


def test_a_group_bills_its_instances(make: Any, charge: Any) -> None:
    # 2 x (t3.small 15.184 + 0.80 + 7 metrics 2.10); between 1 and 4
    template = make(TEMPLATE, "web", instanceType="t3.small", monitoring={"enabled": True}, **DISK)
    group = make(
        GROUP,
        depends=[template],
        minSize=1,
        maxSize=4,
        desiredCapacity=2,
        launchTemplate={"id": UNKNOWN, "version": "$Latest"},
    )
    cost = charge(template, group).priced.cost

    assert [cost.minimum, cost.expected, cost.maximum] == [Decimal("18.084"), Decimal("36.168"), Decimal("72.336")]


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({"minSize": 1, "maxSize": 4, "desiredCapacity": UNKNOWN}, 4),
        ({"minSize": 1, "maxSize": 4}, 1),
        ({"minSize": 0, "maxSize": 0}, 0),
    ],
)
def test_how_many_instances_a_group_has(sizes: dict[str, Any], expected: int, make: Any, charge: Any) -> None:
    template = make(TEMPLATE, "web", instanceType="t3.small", **DISK)
    bill = charge(template, make(GROUP, depends=[template], launchTemplate={"id": UNKNOWN}, **sizes))

    assert bill.codes == []
    assert bill.lines["Instance (t3.small, Linux, on demand)"] == expected * Decimal("15.184")


def test_a_mixed_group_is_priced_at_its_dearest_type(make: Any, charge: Any) -> None:
    template = make(TEMPLATE, "web", name="web", instanceType="t3.small", **DISK)
    policy = {
        "instancesDistribution": {"onDemandPercentageAboveBaseCapacity": 100},
        "launchTemplate": {
            "launchTemplateSpecification": {"launchTemplateName": "web"},
            "overrides": [{"instanceType": "t3.small"}, {"instanceType": "t3.medium"}],
        },
    }
    bill = charge(template, make(GROUP, minSize=1, maxSize=1, mixedInstancesPolicy=policy))

    assert bill.lines["Instance (t3.medium, Linux, on demand)"] == Decimal("30.368")


def test_a_group_that_mixes_in_spot_is_refused(make: Any, charge: Any) -> None:
    template = make(TEMPLATE, "web", name="web", instanceType="t3.small")
    policy = {
        "instancesDistribution": {"onDemandPercentageAboveBaseCapacity": 50},
        "launchTemplate": {"launchTemplateSpecification": {"launchTemplateName": "web"}},
    }

    assert charge(template, make(GROUP, minSize=1, maxSize=1, mixedInstancesPolicy=policy)).codes == ["unpriceable"]


def test_a_warm_pool_is_refused(make: Any, charge: Any) -> None:
    template = make(TEMPLATE, "web", name="web", instanceType="t3.small", **DISK)
    group = make(GROUP, minSize=1, maxSize=1, launchTemplate={"name": "web"}, warmPool={"poolState": "Running"})

    assert charge(template, group).codes == ["unpriceable"]


def test_a_template_that_gives_addresses_bills_each(make: Any, charge: Any) -> None:
    # 2 x (15.184 + 0.80 + 3.65)
    template = make(
        TEMPLATE,
        "web",
        name="web",
        instanceType="t3.small",
        networkInterfaces=[{"associatePublicIpAddress": "true"}],
        **DISK,
    )
    bill = charge(template, make(GROUP, minSize=2, maxSize=2, launchTemplate={"name": "web"}))

    assert bill.codes == []
    assert bill.total == Decimal("39.268")


def test_a_group_whose_template_is_elsewhere_is_refused(make: Any, charge: Any) -> None:
    assert charge(make(GROUP, minSize=1, maxSize=1, launchTemplate={"name": "web"})).codes == ["unpriceable"]


def test_a_launch_configuration_turns_detailed_monitoring_on(make: Any, charge: Any) -> None:
    # infracost's autoscaling_group golden: 2 x t2.medium = 67.74, 14 metrics = 4.20, gp2 20 GB = 2.00
    old = make(CONFIGURATION, "old", name="old", instanceType="t2.medium", rootBlockDevice={"volumeSize": 10})
    bill = charge(old, make(GROUP, minSize=2, maxSize=2, launchConfiguration="old"))

    assert bill.codes == []
    assert bill.total == Decimal("73.944")


def test_a_spot_launch_configuration_is_refused(make: Any, charge: Any) -> None:
    old = make(CONFIGURATION, "old", name="old", instanceType="t2.medium", spotPrice="0.01", **ROOT)

    assert charge(old, make(GROUP, minSize=2, maxSize=2, launchConfiguration="old")).codes == ["unpriceable"]


@pytest.mark.parametrize(
    ("action", "most"), [({"maxSize": 6}, 6), ({"desiredCapacity": 5}, 5), ({"maxSize": -1}, 2), ({"minSize": 1}, 2)]
)
def test_scheduled_actions_of_a_group_widen_its_size(action: dict[str, int], most: int, make: Any, charge: Any) -> None:
    template = make("aws:ec2/launchTemplate:LaunchTemplate", "web", name="web", instanceType="t3.micro")
    group = make("aws:autoscaling/group:Group", "web", name="web", launchTemplate={"name": "web"}, minSize=1, maxSize=2)
    busy = make("aws:autoscaling/schedule:Schedule", autoscalingGroupName="web", **action)
    bill = charge(template, busy, group, usage={"disk_gb": 0})

    assert bill.codes == []
    assert bill.priced.cost.maximum == most * Decimal("7.592")
