"""The example workload: what a team owns before this product comes, as `Pulumi.dev.yaml` describes it."""

from __future__ import annotations

import json
from typing import Any, Final

from contract.names import OPT_IN
from local.endpoint import ACCOUNT, Endpoint

NAME: Final = "shop"
DATABASE: Final = "shop-db"
SERVICE: Final = "shop-web"
TABLE: Final = "orders"
BUCKET: Final = f"shop-assets-{ACCOUNT}"
LOG_GROUP: Final = "/ecs/shop-web"
ITEMS: Final = 200
OBJECTS: Final = 12
# Zones of the example workload may be impaired.
_OFFERED: Final[list[Any]] = [{"Key": OPT_IN[0], "Value": OPT_IN[1]}]
_START_MS: Final = 1_760_000_000_000


def seed(endpoint: Endpoint) -> None:
    """Creates the example workload in a new local cloud."""
    subnets = _network(endpoint)
    _load_balancer(endpoint, subnets)
    _instances(endpoint, subnets)
    _service(endpoint)
    _database(endpoint)
    _table(endpoint)
    _bucket(endpoint)
    _logs(endpoint)


def _network(endpoint: Endpoint) -> list[str]:
    ec2 = endpoint.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    offered = [{"ResourceType": "subnet", "Tags": _OFFERED}]
    return [
        ec2.create_subnet(
            VpcId=vpc,
            CidrBlock=f"10.0.{index}.0/24",
            AvailabilityZone=f"us-east-1{zone}",
            TagSpecifications=offered,
        )["Subnet"]["SubnetId"]
        for index, zone in enumerate("ab")
    ]


def _load_balancer(endpoint: Endpoint, subnets: list[str]) -> None:
    elb, ec2 = endpoint.client("elbv2"), endpoint.client("ec2")
    vpc = ec2.describe_subnets(SubnetIds=subnets)["Subnets"][0]["VpcId"]
    balancer = elb.create_load_balancer(Name=NAME, Subnets=subnets, Type="application", Tags=_OFFERED)["LoadBalancers"][
        0
    ]
    elb.modify_load_balancer_attributes(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Attributes=[{"Key": "zonal_shift.config.enabled", "Value": "true"}],
    )
    group = elb.create_target_group(
        Name=SERVICE, Protocol="HTTP", Port=8080, VpcId=vpc, TargetType="instance", HealthCheckPath="/health"
    )["TargetGroups"][0]
    elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}],
    )


def _instances(endpoint: Endpoint, subnets: list[str]) -> None:
    ec2, scaling, elb = (endpoint.client(name) for name in ("ec2", "autoscaling", "elbv2"))
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    ec2.create_launch_template(
        LaunchTemplateName=SERVICE, LaunchTemplateData={"ImageId": image, "InstanceType": "t3.micro"}
    )
    scaling.create_auto_scaling_group(
        AutoScalingGroupName=SERVICE,
        LaunchTemplate={"LaunchTemplateName": SERVICE, "Version": "$Latest"},
        MinSize=2,
        MaxSize=4,
        DesiredCapacity=2,
        VPCZoneIdentifier=",".join(subnets),
        Tags=[{"Key": key, "Value": value, "PropagateAtLaunch": True} for key, value in (("Name", SERVICE), OPT_IN)],
        TargetGroupARNs=[elb.describe_target_groups(Names=[SERVICE])["TargetGroups"][0]["TargetGroupArn"]],
        HealthCheckType="ELB",
    )


def _service(endpoint: Endpoint) -> None:
    ecs = endpoint.client("ecs")
    ecs.create_cluster(clusterName=NAME, settings=[{"name": "containerInsights", "value": "disabled"}])
    container: dict[str, Any] = {"name": "web", "image": "shop/web:1", "memory": 256, "essential": True}
    definition = ecs.register_task_definition(family=SERVICE, containerDefinitions=[container])
    ecs.create_service(
        cluster=NAME,
        serviceName="web",
        desiredCount=2,
        taskDefinition=definition["taskDefinition"]["taskDefinitionArn"],
    )


def _database(endpoint: Endpoint) -> None:
    rds = endpoint.client("rds")
    # RDS's own formula gives a number that depends on the class; here it is the simulated database's.
    rds.create_db_parameter_group(
        DBParameterGroupName=DATABASE, DBParameterGroupFamily="postgres16", Description="shop"
    )
    limit = {"ParameterName": "max_connections", "ParameterValue": "100", "ApplyMethod": "pending-reboot"}
    rds.modify_db_parameter_group(DBParameterGroupName=DATABASE, Parameters=[limit])
    rds.create_db_instance(
        DBInstanceIdentifier=DATABASE,
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="shop",
        MasterUserPassword="not-a-secret-here",
        BackupRetentionPeriod=7,
        DBParameterGroupName=DATABASE,
    )


def _table(endpoint: Endpoint) -> None:
    dynamodb = endpoint.client("dynamodb")
    dynamodb.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    items = [{"id": {"S": f"order-{n:04}"}, "total": {"N": str(100 + n)}, "state": {"S": "paid"}} for n in range(ITEMS)]
    for start in range(0, ITEMS, 25):
        batch = [{"PutRequest": {"Item": item}} for item in items[start : start + 25]]
        dynamodb.batch_write_item(RequestItems={TABLE: batch})


def _bucket(endpoint: Endpoint) -> None:
    s3 = endpoint.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    for number in range(OBJECTS):
        s3.put_object(Bucket=BUCKET, Key=f"images/{number:02}.svg", Body=f"<svg id='{number}'/>".encode())


def _logs(endpoint: Endpoint) -> None:
    logs = endpoint.client("logs")
    logs.create_log_group(logGroupName=LOG_GROUP)
    logs.create_log_stream(logGroupName=LOG_GROUP, logStreamName="web/1")
    events = [
        {
            "timestamp": _START_MS + n * 1000,
            "message": json.dumps({"path": "/cart", "status": 200, "duration_ms": 20 + n % 9}),
        }
        for n in range(30)
    ]
    logs.put_log_events(logGroupName=LOG_GROUP, logStreamName="web/1", logEvents=events)
