"""Stacks that together take every branch of the rules in which an input is read, and that unset inputs do not reach."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from pricing.resource import UNKNOWN, Plain, Resource


def _plain(value: Any) -> Plain:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _it(token: str, name: str = "it", depends: tuple[Resource, ...] = (), /, **properties: Any) -> Resource:
    return Resource(
        urn=f"urn:pulumi:dev::ial::{token}::{name}",
        type=token,
        name=name,
        properties={key: _plain(value) for key, value in properties.items()},
        dependencies=tuple(other.urn for other in depends),
    )


_TEMPLATE = _it(
    "aws:ec2/launchTemplate:LaunchTemplate",
    "template",
    instanceType="t3.micro",
    blockDeviceMappings=[{"ebs": {"volumeType": "gp3", "volumeSize": 8}}],
    networkInterfaces=[{}],
    monitoring={"enabled": False},
)
_DISKS: Final[dict[str, Any]] = {
    "rootBlockDevice": {"volumeType": "gp3", "volumeSize": 8},
    "ebsBlockDevices": [{"volumeType": "gp3", "volumeSize": 8}],
}
_CONFIGURATION = _it(
    "aws:ec2/launchConfiguration:LaunchConfiguration", "configuration", instanceType="t3.micro", **_DISKS
)
_TABLE = _it("aws:dynamodb/table:Table", "table", name="orders", billingMode="PAY_PER_REQUEST")
_CLUSTER = _it(
    "aws:ecs/cluster:Cluster", "shop", name="shop", settings=[{"name": "containerInsights", "value": "enhanced"}]
)
_TASK = _it("aws:ecs/taskDefinition:TaskDefinition", "task", family="web", cpu="256", memory="512")
_AURORA = _it("aws:rds/cluster:Cluster", "aurora", clusterIdentifier="aurora", engine="aurora-mysql")
_PLAN = _it(
    "aws:backup/restoreTestingPlan:RestoreTestingPlan", "tests", name="tests", scheduleExpression="rate(7 days)"
)
_ENDPOINT = _it("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", vpcEndpointType="Interface")
_FUNCTION = _it("aws:lambda/function:Function", "call", name="call", snapStart={"applyOn": "PublishedVersions"})
_DATABASE: Final[dict[str, Any]] = {"engine": "mysql", "instanceClass": "db.t3.micro", "engineVersion": "5.7.44"}
_FIS = _it("aws:fis/experimentTemplate:ExperimentTemplate", "latency", actions=[{"parameters": []}])
_SERVICE = _it(
    "aws:ecs/service:Service",
    "web",
    (_TASK,),
    name="web",
    cluster="shop",
    launchType="FARGATE",
    desiredCount=1,
    taskDefinition=UNKNOWN,
)

_GROUP = _it(
    "aws:autoscaling/group:Group", "group", name="group", launchTemplate={"name": "template"}, minSize=1, maxSize=1
)
_SUBNET = _it("aws:ec2/subnet:Subnet", "subnet")
_DEFAULT_SUBNET = _it("aws:ec2/defaultSubnet:DefaultSubnet", "default")
SCENARIOS: Final[list[list[Resource]]] = [
    [
        _it(
            "aws:appautoscaling/target:Target",
            "target",
            (_SERVICE,),
            scalableDimension="ecs:service:DesiredCount",
            resourceId=UNKNOWN,
            minCapacity=1,
            maxCapacity=2,
        ),
        _TASK,
        _CLUSTER,
        _SERVICE,
    ],
    [
        _it(
            "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
            clusterName="shop",
            defaultCapacityProviderStrategies=[{"capacityProvider": "FARGATE"}],
        ),
        _CLUSTER,
        _it("aws:ecs/service:Service", cluster="shop", desiredCount=1),
    ],
    [_TEMPLATE, _it("aws:autoscaling/group:Group", launchTemplate={"name": "template"}, minSize=1, maxSize=1)],
    [_CONFIGURATION, _it("aws:autoscaling/group:Group", launchConfiguration="configuration", minSize=1, maxSize=1)],
    [
        _TEMPLATE,
        _it(
            "aws:autoscaling/group:Group",
            minSize=1,
            maxSize=1,
            mixedInstancesPolicy={
                "launchTemplate": {
                    "launchTemplateSpecification": {"launchTemplateName": "template"},
                    "overrides": [{"instanceType": "t3.micro"}],
                }
            },
        ),
    ],
    [_it("aws:ec2/instance:Instance", instanceType="t3.micro", networkInterfaces=[{}], **_DISKS)],
    [
        _PLAN,
        _it(
            "aws:backup/restoreTestingSelection:RestoreTestingSelection",
            restoreTestingPlanName="tests",
            protectedResourceType="DynamoDB",
        ),
    ],
    [_it("aws:backup/selection:Selection", resources=[]), _it("aws:backup/vault:Vault")],
    [
        _it("aws:cloudwatch/eventRule:EventRule", "rule", scheduleExpression="rate(1 day)"),
        _FIS,
        _it(
            "aws:cloudwatch/eventTarget:EventTarget",
            "target",
            (_FIS, _it("aws:cloudwatch/eventRule:EventRule", "rule")),
            arn=UNKNOWN,
        ),
        _it("aws:scheduler/schedule:Schedule", scheduleExpression="rate(1 day)", target={"input": "x", "arn": "y"}),
    ],
    [_TABLE, _it("aws:dynamodb/contributorInsights:ContributorInsights", tableName="orders")],
    [_it("aws:ebs/volume:Volume", type="gp3", size=8), _it("aws:ebs/volume:Volume", "fast", type="io2", size=8)],
    [_ENDPOINT, _it("aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation", vpcEndpointId=UNKNOWN)],
    [_it("aws:efs/fileSystem:FileSystem", throughputMode="provisioned")],
    [_FUNCTION],
    [_AURORA, _it("aws:rds/clusterInstance:ClusterInstance", clusterIdentifier="aurora", instanceClass="db.t3.medium")],
    [
        _AURORA,
        _it("aws:rds/clusterInstance:ClusterInstance", clusterIdentifier="aurora", instanceClass="db.serverless"),
    ],
    [_it("aws:rds/instance:Instance", storageType="gp3", allocatedStorage=20, **_DATABASE)],
    [_it("aws:rds/instance:Instance", storageType="io1", allocatedStorage=20, **_DATABASE)],
    *(
        [
            _it(
                f"aws:s3/{token}",
                rules=[
                    {kind: [{"storageClass": "GLACIER"}] for kind in ("transitions", "noncurrentVersionTransitions")}
                ],
            )
        ]
        for token in (
            "bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            "bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
        )
    ),
    [_it("aws:ssm/parameter:Parameter", tier="Intelligent-Tiering", value="x")],
    [_it("aws:synthetics/canary:Canary", schedule={"expression": "rate(1 hour)"})],
    [_it("aws:xray/samplingRule:SamplingRule", fixedRate=0)],
    [
        _it("aws:backup/plan:Plan", rules=[{"schedule": "rate(1 day)", "lifecycle": {"deleteAfter": 1}}]),
        _it("aws:backup/vault:Vault"),
    ],
    [_it("aws:lb/loadBalancer:LoadBalancer", subnetMappings=[{"subnetId": "subnet-1"}])],
    [_GROUP, _it("aws:autoscaling/schedule:Schedule", autoscalingGroupName="group"), _TEMPLATE],
    [_SUBNET, _it("aws:ec2/instance:Instance", instanceType="t3.micro", subnetId=UNKNOWN, **_DISKS)],
    [
        _DEFAULT_SUBNET,
        _it("aws:ec2/instance:Instance", "other", (_DEFAULT_SUBNET,), instanceType="t3.micro", subnetId=UNKNOWN),
    ],
    [_it("aws:dynamodb/table:Table", billingMode="PAY_PER_REQUEST", replicas=[{"regionName": "us-east-1"}])],
    [
        _it(
            "aws:appautoscaling/scheduledAction:ScheduledAction",
            resourceId="service/shop/web",
            scalableDimension="ecs:service:DesiredCount",
            scalableTargetAction={"minCapacity": 1, "maxCapacity": 4},
        ),
        _it(
            "aws:appautoscaling/target:Target",
            resourceId="service/shop/web",
            scalableDimension="ecs:service:DesiredCount",
        ),
        _CLUSTER,
        _SERVICE,
    ],
    [
        _it(
            "aws:scheduler/schedule:Schedule",
            scheduleExpression="rate(1 day)",
            target={"ecsParameters": {"capacityProviderStrategies": [{}]}},
        )
    ],
    [
        _it(
            "aws:scheduler/schedule:Schedule",
            scheduleExpression="rate(1 day)",
            target={"ecsParameters": {"launchType": "FARGATE"}},
        )
    ],
]
