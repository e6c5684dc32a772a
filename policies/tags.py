"""Tags that say whose a resource is, and where it came from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pulumi_policy import Policy, Severity

from contract.names import ENVIRONMENT_TAG, MANAGED_BY_TAG, OWNER_TAG, STAGE_TAG
from policies.edge import About, resource_policy
from pricing.resource import UNKNOWN, Resource

REQUIRED: Final = (OWNER_TAG, ENVIRONMENT_TAG, STAGE_TAG, MANAGED_BY_TAG)
TAGGABLE: Final = frozenset(
    {
        "aws:backup/plan:Plan",
        "aws:backup/restoreTestingPlan:RestoreTestingPlan",
        "aws:backup/vault:Vault",
        "aws:budgets/budget:Budget",
        "aws:cloudwatch/alarmMuteRule:AlarmMuteRule",
        "aws:cloudwatch/compositeAlarm:CompositeAlarm",
        "aws:cloudwatch/eventRule:EventRule",
        "aws:cloudwatch/logGroup:LogGroup",
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "aws:dynamodb/table:Table",
        "aws:ec2/instance:Instance",
        "aws:ec2/natGateway:NatGateway",
        "aws:ecs/cluster:Cluster",
        "aws:ecs/service:Service",
        "aws:fis/experimentTemplate:ExperimentTemplate",
        "aws:iam/role:Role",
        "aws:kms/key:Key",
        "aws:lambda/function:Function",
        "aws:lb/loadBalancer:LoadBalancer",
        "aws:rds/instance:Instance",
        "aws:s3/bucket:Bucket",
        "aws:s3/bucketV2:BucketV2",
        "aws:scheduler/scheduleGroup:ScheduleGroup",
        "aws:secretsmanager/secret:Secret",
        "aws:sfn/stateMachine:StateMachine",
        "aws:sns/topic:Topic",
        "aws:sqs/queue:Queue",
        "aws:ssm/document:Document",
        "aws:ssm/parameter:Parameter",
        "aws:synthetics/canary:Canary",
        "aws:xray/group:Group",
        "aws:xray/samplingRule:SamplingRule",
    }
)


def tagged(resource: Resource) -> Iterator[str]:
    """All four tags are there; a value may be unknown, the set of keys may not."""
    tags = resource.tags
    if tags is UNKNOWN:
        yield f"{resource.name} ({resource.type}) has `tags` that are unknown at preview; give the keys as literals"
        return
    given = tags if isinstance(tags, dict) else {}
    missing = [name for name in REQUIRED if given.get(name) in (None, "")]
    if missing:
        yield f"{resource.name} ({resource.type}) has no tag {', '.join(missing)}; set `tags`"


def policies() -> list[Policy]:
    """The policies of this group."""
    about = About(
        name="tags-present",
        description="Every taggable resource says owner, environment, stage and managed-by.",
        remedy="Pass the stack's four tags to the resource.",
        severity=Severity.MEDIUM,
    )
    return [resource_policy(about, tagged, TAGGABLE)]
