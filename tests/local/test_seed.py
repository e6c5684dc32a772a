from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from local.endpoint import Endpoint
from local.seed import NAME, SERVICE

ROOT = Path(__file__).parents[2]


@pytest.mark.cloud
def test_the_workload_is_what_the_stack_file_names(endpoint: Endpoint) -> None:
    named = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8"))["config"]["ial:workload"]
    elb = endpoint.client("elbv2")
    balancer = elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
    group = elb.describe_target_groups()["TargetGroups"][0]["TargetGroupArn"]
    assert balancer.endswith(f":loadbalancer/{named['loadBalancer']}")
    assert group.endswith(f":{named['targetGroup']}")
    groups = endpoint.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    assert [found["AutoScalingGroupName"] for found in groups] == [named["autoScalingGroup"]]
    databases = endpoint.client("rds").describe_db_instances()["DBInstances"]
    assert [found["DBInstanceIdentifier"] for found in databases] == [named["database"]]
    for table in (table["name"] for table in named["tables"] if table.get("existing", True)):
        assert endpoint.client("dynamodb").describe_table(TableName=table)["Table"]["TableStatus"] == "ACTIVE"
    for bucket in named["buckets"]:
        endpoint.client("s3").head_bucket(Bucket=bucket["name"])
    for log_group in named["logGroups"]:
        found = endpoint.client("logs").describe_log_groups(logGroupNamePrefix=log_group["name"])["logGroups"]
        assert [group["logGroupName"] for group in found] == [log_group["name"]]


@pytest.mark.cloud
def test_instances_are_spread_over_zones_and_zones_may_be_impaired(endpoint: Endpoint) -> None:
    ec2, elb = endpoint.client("ec2"), endpoint.client("elbv2")
    groups = endpoint.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    [group] = [held for held in groups if held["AutoScalingGroupName"] == SERVICE]
    ids = [held["InstanceId"] for held in group["Instances"]]
    pages = ec2.describe_instances(InstanceIds=ids)["Reservations"]
    subnets = [held["SubnetId"] for page in pages for held in page["Instances"]]
    assert sorted(subnets) == sorted(group["VPCZoneIdentifier"].split(","))
    for held in ec2.describe_subnets(SubnetIds=subnets)["Subnets"]:
        assert {"Key": "chaos:enabled", "Value": "true"} in held["Tags"]
    [balancer] = elb.describe_load_balancers(Names=[NAME])["LoadBalancers"]
    attributes = elb.describe_load_balancer_attributes(LoadBalancerArn=balancer["LoadBalancerArn"])["Attributes"]
    assert {"Key": "zonal_shift.config.enabled", "Value": "true"} in attributes
