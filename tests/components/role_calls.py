"""What each role must be able to do, and what it must not: calls as IAM sees them, by the name of the role.

Where AWS asks for more than one right or resource in a call, each is a line of its own: the service authorisation
reference (https://docs.aws.amazon.com/service-authorization/latest/reference/) and the API's own pages say which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tests.iam_evaluator import Call

ACCOUNT: Final = "123456789012"
TABLE_KEY, BUCKET_KEY, DATABASE_KEY = (f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{name}" for name in ("t", "b", "d"))
FOREIGN_KEY: Final = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/other"
RUN: Final = "20261128-124430-ab12"
Context = Mapping[str, str | Sequence[str]]


def arn(service: str, resource: str, *, account: str = ACCOUNT, region: str = "us-east-1") -> str:
    return f"arn:aws:{service}:{region}:{account}:{resource}"


def table(name: str, **where: str) -> str:
    return arn("dynamodb", f"table/{name}", **where)


def each(service: str, calls: str, resource: str = "*", context: Context | None = None) -> list[Call]:
    """Calls of one service on one resource; `calls` are separated by spaces."""
    return [Call(f"{service}:{name}", resource, context or {}) for name in calls.split()]


def tags(**given: str) -> Context:
    return {f"aws:ResourceTag/{name.replace('__', ':')}": value for name, value in given.items()}


def keyed(*keys: str) -> Context:
    return {"dynamodb:LeadingKeys": list(keys)}


def via(service: str, region: str = "us-east-1") -> Context:
    return {"kms:ViaService": f"{service}.{region}.amazonaws.com"}


RECORDS: Final = table("ial-dev-records")
CONFIGURATION: Final = f"arn:aws:s3:::ial-dev-configuration-{ACCOUNT}"
OTHER_CONFIGURATION: Final = f"arn:aws:s3:::ial-prod-configuration-{ACCOUNT}"
WORKGROUP: Final = arn("athena", "workgroup/ial-dev-records")
MONTH: Final = "runs/dt=2026-11-01/dev.jsonl"
ASSETS: Final = "arn:aws:s3:::shop-assets"
SIDE: Final = f"drill-{RUN}"
SENTINEL: Final = {"dynamodb:LeadingKeys": [f"ial-drill-{RUN}"]}
NAMESPACE: Final = {"cloudwatch:namespace": "ial/dev"}
MINE: Final = tags(chaos__enabled="true", aws__autoscaling__groupName="shop-web")
MINE_TAGGED: Final = {**MINE, "aws:ResourceTag/environment": "dev"}
# The same offer, in another group; and one of this group's name that says to be production's.
THEIRS: Final = tags(chaos__enabled="true", aws__autoscaling__groupName="shop-web-prod")
OTHER_ENVIRONMENT: Final = {**MINE, "aws:ResourceTag/environment": "prod"}
UNOFFERED: Final = tags(aws__autoscaling__groupName="shop-web")
INSTANCE: Final = arn("ec2", "instance/i-0123456789abcdef0")
TEMPLATE, EXPERIMENT = arn("fis", "experiment-template/EXT1"), arn("fis", "experiment/EXP1")
OWN_TEMPLATE: Final = {"aws:ResourceTag/environment": "dev", "aws:ResourceTag/managed-by": "ial"}
LINKED: Final = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/fis.amazonaws.com/AWSServiceRoleForFIS"
BALANCER: Final = arn("elasticloadbalancing", "loadbalancer/app/shop/50dc6c495c0c9188")
SUBNET: Final = arn("ec2", "subnet/subnet-0a0a0a0a0a0a0a0a0")
ACL, NETWORK = arn("ec2", "network-acl/acl-1"), arn("ec2", "vpc/vpc-1")
MARK: Final = {"aws:RequestTag/managedByFIS": "true"}
TASK: Final = {
    "aws:ResourceTag/FAULT_INJECTION_SIDECAR": "true",
    "aws:ResourceTag/ECS_TASK_ARN": arn("ecs", "task/shop/0123456789abcdef"),
}
HOLD: Final = arn("ssm", "document/ial-dev-connection-hold")

_READER = [
    *each("cloudwatch", "GetMetricData"),
    *each("cloudwatch", "DescribeAlarms DescribeAlarmHistory", arn("cloudwatch", "alarm:ial-dev-errors")),
    *each("dynamodb", "GetItem Query", RECORDS, keyed("run")),
    *each("dynamodb", "Scan", RECORDS),
    *each("s3", "ListBucket", CONFIGURATION),
    *each("s3", "GetObject", f"{CONFIGURATION}/reports/2026-11.html"),
    *each("s3", "ListBucket", CONFIGURATION, {"s3:prefix": "runs/"}),
    *each("s3", "GetObject", f"{CONFIGURATION}/{MONTH}"),
    # Athena asks with the rights of whoever asks: the user guide, Control access to Amazon S3 from Athena.
    *each("athena", "StartQueryExecution StopQueryExecution GetQueryExecution GetQueryResults", WORKGROUP),
    *each("athena", "GetWorkGroup ListNamedQueries GetNamedQuery BatchGetNamedQuery", WORKGROUP),
    *(
        call
        for part in ("catalog", "database/ial_dev_records", "table/ial_dev_records/runs")
        for call in each("glue", "GetDatabase GetTable GetPartitions", arn("glue", part))
    ),
    *each("s3", "ListBucket", OTHER_CONFIGURATION, {"s3:prefix": "runs/dt=2026-11-01/"}),
    *each("s3", "GetObject", f"{OTHER_CONFIGURATION}/{MONTH}"),
    *each("s3", "GetBucketLocation", CONFIGURATION),
    *each("s3", "PutObject AbortMultipartUpload", f"{CONFIGURATION}/query-results/1.csv"),
    # DescribeBudget asks for ViewBudget: the service authorisation reference, AWS Budget Service.
    *each("budgets", "ViewBudget ListTagsForResource", f"arn:aws:budgets::{ACCOUNT}:budget/ial-dev-account-monthly"),
]
_DESCRIBED = (
    "DescribeTable DescribeContinuousBackups DescribeTimeToLive ListTagsOfResource Scan RestoreTableToPointInTime "
    "DescribeKinesisStreamingDestination GetResourcePolicy DescribeContributorInsights"
)
_TABLES = [
    *(call for name in ("orders", "sessions") for call in each("dynamodb", _DESCRIBED, table(name))),
    *(
        call
        for name in ("orders", "sessions")
        for call in each("dynamodb", "PutItem DeleteItem", table(name), SENTINEL)
    ),
    *(
        call
        for name in ("orders", "sessions")
        for side in ("", f"-{SIDE}")
        for call in each("dynamodb", "DescribeContributorInsights", table(f"{name}{side}/index/by-day"))
    ),
    *(
        call
        for name in ("orders", "sessions")
        for call in each("dynamodb", f"{_DESCRIBED} TagResource DeleteTable", table(f"{name}-{SIDE}"))
    ),
    # What AWS asks of whoever restores a table: API_RestoreTableToPointInTime, and the guide's page on permissions.
    *(
        call
        for name in ("orders", "sessions")
        for call in each(
            "dynamodb", "BatchWriteItem DeleteItem GetItem PutItem Query UpdateItem", table(f"{name}-{SIDE}")
        )
    ),
    *each("application-autoscaling", "DescribeScalableTargets DescribeScalingPolicies DescribeScheduledActions"),
    *each("dynamodb", "ListTables"),
    *each("kms", "Encrypt Decrypt ReEncryptFrom ReEncryptTo GenerateDataKey", TABLE_KEY, via("dynamodb")),
    *each("kms", "DescribeKey CreateGrant", TABLE_KEY, via("dynamodb")),
]
_BUCKETS = [
    *each("s3", "ListBucketVersions GetBucketVersioning GetLifecycleConfiguration", ASSETS),
    *each("s3", "GetBucketObjectLockConfiguration GetBucketOwnershipControls", ASSETS),
    # CopyObject takes the tags along, and reads them with the caller's rights.
    *each("s3", "GetObject GetObjectTagging GetObjectAcl", f"{ASSETS}/images/00.svg"),
    *each("s3", "GetObjectVersion GetObjectVersionTagging GetObjectVersionAcl", f"{ASSETS}/images/00.svg"),
    *each("s3", "PutObject DeleteObject DeleteObjectVersion", f"{ASSETS}/ial-drill-{RUN}"),
    *each("s3", "PutObject PutObjectTagging", f"{CONFIGURATION}/drills/{RUN}/images/00.svg"),
    *each("s3", "AbortMultipartUpload GetObjectTagging GetObjectAcl", f"{CONFIGURATION}/drills/{RUN}/images/00.svg"),
    *each("s3", "GetObjectVersion DeleteObjectVersion", f"{CONFIGURATION}/drills/{RUN}/images/00.svg"),
    # Whether copies could be removed again, and whether their ACLs count.
    *each("s3", "ListBucketVersions GetBucketVersioning GetLifecycleConfiguration", CONFIGURATION),
    *each("s3", "GetBucketObjectLockConfiguration GetBucketOwnershipControls", CONFIGURATION),
    *each("kms", "Decrypt GenerateDataKey", BUCKET_KEY, via("s3")),
]
_DATABASE = [
    *each("rds", "DescribeDBInstances", arn("rds", "db:*")),
    *each("rds", "DescribeDBInstanceAutomatedBackups", arn("rds", "auto-backup:ab-1")),
    *(
        call
        for name in ("db:shop-db", f"db:shop-db-{SIDE}", "pg:default", "og:default", "subgrp:default")
        for call in each("rds", "RestoreDBInstanceToPointInTime", arn("rds", name))
    ),
    *each("rds", "AddTagsToResource DeleteDBInstance", arn("rds", f"db:shop-db-{SIDE}")),
    *each("kms", "DescribeKey CreateGrant", DATABASE_KEY, via("rds")),
]
# S3 asks for both where a write depends on what is there: the user guide, Conditional writes.
_ARCHIVE = [
    *each("s3", "ListBucket", CONFIGURATION, {"s3:prefix": MONTH}),
    *each("s3", "GetObject PutObject", f"{CONFIGURATION}/{MONTH}"),
]
_REST_OF_DRILL = [
    *_ARCHIVE,
    *each("dynamodb", "PutItem", RECORDS, keyed("run")),
    *each("dynamodb", "UpdateItem", RECORDS, keyed("lease#chaos")),
    *each("cloudwatch", "PutMetricData", context=NAMESPACE),
    *each("cloudwatch", "GetDashboard", f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/ial-dev"),
    *each("fis", "ListExperimentTemplates"),
    *each("fis", "GetExperimentTemplate", TEMPLATE),
    *each("scheduler", "GetSchedule UpdateSchedule", arn("scheduler", "schedule/default/ial-dev-drill-overdue")),
    # UpdateSchedule passes the role that the schedule has.
    *each(
        "iam",
        "PassRole",
        f"arn:aws:iam::{ACCOUNT}:role/ial-dev-drill-scheduler",
        {"iam:PassedToService": "scheduler.amazonaws.com"},
    ),
    *each("backup", "StartBackupJob ListRecoveryPointsByBackupVault", arn("backup", "backup-vault:ial-dev-vault")),
    *each("backup", "DescribeBackupJob"),
    *each(
        "iam",
        "PassRole",
        f"arn:aws:iam::{ACCOUNT}:role/ial-dev-backup",
        {"iam:PassedToService": "backup.amazonaws.com"},
    ),
]
_COPIES = [
    *each("backup", "DescribeBackupVault CopyIntoBackupVault", arn("backup", "backup-vault:ial-dev-vault")),
    *(
        call
        for name in ("orders", "sessions")
        for call in each(
            "dynamodb",
            "CreateBackup DescribeTable DescribeContinuousBackups ListTagsOfResource StartAwsBackupJob",
            table(name),
        )
    ),
    *(
        call
        for name in ("orders", "sessions")
        for call in each("dynamodb", "DescribeBackup DeleteBackup", table(f"{name}/backup/01"))
    ),
    *each("rds", "CreateDBSnapshot DescribeDBInstances ListTagsForResource", arn("rds", "db:shop-db")),
    *each("rds", "CreateDBSnapshot", arn("rds", "snapshot:awsbackup:job-1")),
    *each("rds", "AddTagsToResource DescribeDBSnapshots DeleteDBSnapshot", arn("rds", "snapshot:awsbackup:job-1")),
    *each(
        "dynamodb",
        "RestoreTableFromBackup RestoreTableFromAwsBackup DescribeTable DeleteTable GetItem PutItem UpdateItem "
        "DeleteItem BatchWriteItem Query Scan",
        table("awsbackup-restore-test-1"),
    ),
    *(
        call
        for name in ("orders", "sessions")
        for call in each("dynamodb", "RestoreTableFromBackup RestoreTableFromAwsBackup", table(f"{name}/backup/01"))
    ),
    *each("kms", "Encrypt Decrypt ReEncryptFrom ReEncryptTo GenerateDataKey", TABLE_KEY, via("dynamodb")),
    *each("kms", "DescribeKey CreateGrant", TABLE_KEY, via("dynamodb")),
    *each("kms", "DescribeKey CreateGrant", DATABASE_KEY, via("rds")),
]
_START = [
    *each("fis", "StartExperiment", TEMPLATE, OWN_TEMPLATE),
    *each("fis", "StartExperiment TagResource", EXPERIMENT),
    # The first experiment of an account.
    *each("iam", "CreateServiceLinkedRole", LINKED, {"iam:AWSServiceName": "fis.amazonaws.com"}),
]
_RUNS = [
    *each("fis", "GetSafetyLever", arn("fis", "safety-lever/default")),
    *each("fis", "GetExperiment", EXPERIMENT),
    *each("fis", "ListExperiments"),
]
# The versions that run: those of the workload, and what the stack may roll back.
SERVICE, RULE = "shop/web", arn("elasticloadbalancing", "listener-rule/app/shop/50dc6c495c0c9188/aa/bb")
LISTENER: Final = arn("elasticloadbalancing", "listener/app/shop/50dc6c495c0c9188/aa")
FUNCTION, APPLICATION = arn("lambda", "function:orders"), arn("appconfig", "application/abc1234")
INSTANCE_ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/shop-web"
ROLLBACK: Final = {
    "targets": [
        {"kind": "ecs-service", "name": SERVICE, "compatible": True},
        {"kind": "auto-scaling-group", "name": "shop-web", "instanceRole": INSTANCE_ROLE},
        {"kind": "listener-weights", "name": RULE},
        {"kind": "listener-weights", "name": LISTENER},
        {"kind": "lambda-alias", "name": "orders:live"},
        {"kind": "app-config", "name": "abc1234/def5678/ghi9012", "strategy": "AppConfig.AllAtOnce"},
        {"kind": "automation", "name": "shop-back", "parameter": "/shop/version"},
    ]
}
_VERSIONS = [
    *each("ecs", "DescribeServices ListServiceDeployments", arn("ecs", f"service/{SERVICE}")),
    *each("ecs", "DescribeServiceDeployments", arn("ecs", f"service-deployment/{SERVICE}/1")),
    *each("ecs", "DescribeServiceRevisions", arn("ecs", f"service-revision/{SERVICE}/1")),
    *each("autoscaling", "DescribeAutoScalingGroups DescribeInstanceRefreshes"),
    *each("elasticloadbalancing", "DescribeListeners DescribeRules"),
    *each("lambda", "GetAlias", FUNCTION),
    *each("appconfig", "ListDeployments", APPLICATION),
    *each("appconfig", "ListDeployments", f"{APPLICATION}/environment/def5678"),
    *each("ssm", "GetParameter", arn("ssm", "parameter/shop/version")),
]
FROM_TEMPLATE: Final = {"ec2:LaunchTemplate": arn("ec2", "launch-template/lt-1")}
_HOLDS: Final = arn("ssm", "parameter/ial/dev/rollback/holds")
_ROLLBACK = [
    *_VERSIONS,
    *each("ssm", "PutParameter AddTagsToResource DeleteParameter", f"{_HOLDS}/ecs-service-1"),
    *each("ssm", "GetParametersByPath", _HOLDS),
    *each("sns", "Publish", arn("sns", "ial-dev-alerts")),
    *each("dynamodb", "GetItem Query", RECORDS, keyed("run")),
    *each("ecs", "UpdateService", arn("ecs", f"service/{SERVICE}")),
    *each("ecs", "StopServiceDeployment", arn("ecs", f"service-deployment/{SERVICE}/1")),
    *each("ecs", "DescribeTaskDefinition"),
    *each("ecr", "DescribeImages", arn("ecr", "repository/shop/web")),
    *each("secretsmanager", "DescribeSecret", arn("secretsmanager", "secret:shop-1")),
    *each("ssm", "DescribeParameters"),
    *each(
        "autoscaling",
        "StartInstanceRefresh RollbackInstanceRefresh",
        arn("autoscaling", "autoScalingGroup:1-2:autoScalingGroupName/shop-web"),
    ),
    *(
        call
        for part in (
            *("instance/*", "network-interface/*", "security-group/sg-1", "subnet/subnet-1", "volume/*"),
            *("key-pair/k", "launch-template/lt-1", "placement-group/p"),
        )
        for call in each("ec2", "RunInstances", arn("ec2", part), FROM_TEMPLATE)
    ),
    *(
        call
        for part in ("image/ami-1", "snapshot/snap-1")
        for call in each("ec2", "RunInstances", arn("ec2", part, account=""), FROM_TEMPLATE)
    ),
    *each("ec2", "DescribeLaunchTemplateVersions DescribeImages"),
    *each("iam", "PassRole", INSTANCE_ROLE, {"iam:PassedToService": "ec2.amazonaws.com"}),
    *each("elasticloadbalancing", "ModifyRule", RULE),
    *each("elasticloadbalancing", "ModifyListener", LISTENER),
    *each("elasticloadbalancing", "DescribeTargetHealth"),
    *each("lambda", "UpdateAlias", FUNCTION),
    *each("lambda", "GetFunctionConfiguration", f"{FUNCTION}:7"),
    *(
        call
        for part in ("", "/environment/def5678", "/configurationprofile/ghi9012")
        for call in each("appconfig", "StartDeployment", APPLICATION + part)
    ),
    *each("appconfig", "StartDeployment", arn("appconfig", "deploymentstrategy/AppConfig.AllAtOnce")),
    *each("appconfig", "StopDeployment", APPLICATION),
    *each("appconfig", "StopDeployment", f"{APPLICATION}/environment/def5678"),
    *each("appconfig", "StopDeployment", f"{APPLICATION}/environment/def5678/deployment/4"),
    *each("ssm", "StartAutomationExecution", arn("ssm", "automation-definition/shop-back:1")),
    *each("ssm", "GetAutomationExecution", arn("ssm", "automation-execution/1")),
]
_RUNNER = [
    *_START,
    *_RUNS,
    *_VERSIONS,
    *each("fis", "StopExperiment ListExperimentResolvedTargets", EXPERIMENT),
    *each("fis", "GetExperimentTemplate", TEMPLATE),
    *each("cloudwatch", "DescribeAlarms DescribeAlarmHistory", arn("cloudwatch", "alarm:ial-dev-errors")),
    *each("cloudwatch", "GetAlarmMuteRule", arn("cloudwatch", "alarm-mute-rule:ial-dev-mute-network-latency")),
    *each("cloudwatch", "GetMetricData GetMetricStatistics"),
    *each("cloudwatch", "PutMetricData", context=NAMESPACE),
    *each("ec2", "DescribeInstances DescribeSubnets DescribeInstanceTypes"),
    *each("autoscaling", "DescribeAutoScalingGroups DescribeScalingActivities"),
    *each("elasticloadbalancing", "DescribeLoadBalancers DescribeListeners DescribeTargetGroups DescribeTargetHealth"),
    *each("elasticloadbalancing", "DescribeLoadBalancerAttributes DescribeTags"),
    *each("ssm", "DescribeInstanceInformation"),
    *each("ssm", "GetDocument", HOLD),
    *each("rds", "DescribeDBInstances", arn("rds", "db:shop-db")),
    *each("rds", "DescribeDBParameters", arn("rds", "pg:shop-db")),
    *each("ecs", "DescribeServices", arn("ecs", "service/shop/web")),
    *each("ecs", "DescribeTasks", arn("ecs", "task/shop/1")),
    *each("ecs", "ListTasks", context={"ecs:cluster": arn("ecs", "cluster/shop")}),
    *each("application-autoscaling", "DescribeScalableTargets"),
    *each("ecs", "DescribeClusters UpdateCluster", arn("ecs", "cluster/shop")),
    # `ial score --publish --as-runner` reads all runs at once.
    *each("dynamodb", "Scan", RECORDS),
    *each("dynamodb", "GetItem PutItem Query UpdateItem", RECORDS, keyed("run")),
    *_ARCHIVE,
]
_HALT = [
    *_RUNS,
    *each("fis", "UpdateSafetyLeverState", arn("fis", "safety-lever/default")),
    *each("fis", "StopExperiment", EXPERIMENT),
    *each("dynamodb", "GetItem PutItem", RECORDS, keyed("halt")),
    *each("scheduler", "GetSchedule UpdateSchedule", arn("scheduler", "schedule/default/ial-dev-network-latency")),
    *each(
        "iam",
        "PassRole",
        f"arn:aws:iam::{ACCOUNT}:role/ial-dev-start-network-latency",
        {"iam:PassedToService": "scheduler.amazonaws.com"},
    ),
]
# FIS has its log delivered: the user guide, Experiment logging, Permissions.
_LOG = each("logs", "CreateLogDelivery PutResourcePolicy DescribeResourcePolicies DescribeLogGroups")


def _command(document: str) -> list[Call]:
    return [
        *_LOG,
        *each("ssm", "SendCommand", INSTANCE, MINE),
        *each("ssm", "SendCommand", INSTANCE, MINE_TAGGED),
        *each("ssm", "SendCommand", document),
        *each("ssm", "ListCommands CancelCommand"),
        *each("ec2", "DescribeInstances DescribeSubnets"),
    ]


_AWS_DOCUMENT: Final = "arn:aws:ssm:us-east-1::document/AWSFIS-Run-Network-{}"
_BLACKHOLE = _command(_AWS_DOCUMENT.format("Blackhole-Port"))
_ZONE = [
    *_LOG,
    *each("arc-zonal-shift", "StartZonalShift UpdateZonalShift CancelZonalShift GetManagedResource", BALANCER),
    *each("arc-zonal-shift", "ListManagedResources"),
    *each("tag", "GetResources"),
    *each("autoscaling", "DescribeTags"),
    *each("ec2", "CreateNetworkAcl", ACL, MARK),
    *each("ec2", "CreateNetworkAcl", NETWORK),
    *each("ec2", "CreateTags", ACL, {**MARK, "ec2:CreateAction": "CreateNetworkAcl"}),
    *each("ec2", "CreateNetworkAclEntry", ACL, {"ec2:ResourceTag/managedByFIS": "true"}),
    *each("ec2", "CreateNetworkAclEntry", NETWORK, {"ec2:ResourceTag/managedByFIS": "true"}),
    *each("ec2", "ReplaceNetworkAclAssociation", SUBNET),
    *each("ec2", "ReplaceNetworkAclAssociation", arn("ec2", "subnet/subnet-0b0b0b0b0b0b0b0b0")),
    *each("ec2", "ReplaceNetworkAclAssociation DeleteNetworkAcl", ACL),
    *each("ec2", "DeleteNetworkAcl", NETWORK),
    *each("ec2", "GetManagedPrefixListEntries", arn("ec2", "prefix-list/pl-1", account="aws")),
    *each("ec2", "DescribeNetworkAcls DescribeSubnets DescribeVpcs DescribeManagedPrefixLists"),
]
_TASKS = [
    *_LOG,
    *each("ssm", "SendCommand", arn("ssm", "managed-instance/mi-1"), TASK),
    *each("ssm", "SendCommand", _AWS_DOCUMENT.format("Latency-Sources")),
    *each("ssm", "ListCommands CancelCommand"),
    *each("ecs", "DescribeTasks", arn("ecs", "task/shop/0123456789abcdef")),
    *each("ecs", "DescribeContainerInstances", arn("ecs", "container-instance/shop/1")),
    *each("ec2", "DescribeInstances DescribeSubnets"),
    *each("tag", "GetResources"),
]
_FAILOVER = [
    *_LOG,
    *each("rds", "RebootDBInstance", arn("rds", "db:shop-db"), tags(chaos__enabled="true")),
    *each("rds", "DescribeDBInstances", arn("rds", "db:shop-db")),
    *each("tag", "GetResources"),
]

_LOG_DELIVERY = each(
    "logs",
    "CreateLogDelivery GetLogDelivery UpdateLogDelivery DeleteLogDelivery ListLogDeliveries PutResourcePolicy "
    "DescribeResourcePolicies DescribeLogGroups",
)

MUST: Final[dict[str, list[Call]]] = {
    "runner-reader": _READER,
    "runner-drill": [*_READER, *_TABLES, *_BUCKETS, *_DATABASE, *_REST_OF_DRILL],
    "backup": _COPIES,
    "drill-scheduler": each("cloudwatch", "PutMetricData", context=NAMESPACE),
    "runner-chaos": _RUNNER,
    "chaos-halt": _HALT,
    "rollback": _ROLLBACK,
    "chaos-teller": each("sns", "Publish", arn("sns", "ial-dev-alerts")),
    "start-network-latency": _START,
    "suite-weekly": [
        *_START,
        *each("fis", "GetExperiment StopExperiment", EXPERIMENT),
        *each("cloudwatch", "DescribeAlarms", arn("cloudwatch", "alarm:ial-dev-errors")),
        *each("dynamodb", "UpdateItem", RECORDS, keyed("lease#chaos")),
        *each("dynamodb", "GetItem", RECORDS, keyed("chaos")),
        *each("dynamodb", "Query", RECORDS, keyed("chaos#2026-11")),
        *each("dynamodb", "PutItem", RECORDS, keyed("chaos#2026-11")),
        *each("dynamodb", "PutItem", RECORDS, keyed("executions#2026-11")),
        *each("dynamodb", "PutItem", RECORDS, keyed(RUN)),
        *each("s3", "PutObject", f"{CONFIGURATION}/runs/dt=2026-11-01/dev/{RUN}.jsonl"),
        *_LOG_DELIVERY,
    ],
    "start-suite-weekly": each("states", "StartExecution", arn("states", "stateMachine:ial-dev-suite-weekly")),
    "fleet-weekly": [
        *each("states", "StartExecution", arn("states", "stateMachine:ial-dev-suite-weekly")),
        *each("states", "DescribeExecution StopExecution", arn("states", "execution:ial-dev-suite-weekly:20261128")),
    ],
    "chaos-network-latency": _command(_AWS_DOCUMENT.format("Latency-Sources")),
    "chaos-alb-stress": _BLACKHOLE,
    "chaos-database-connection-failure": _BLACKHOLE,
    "chaos-connection-exhaustion": _command(HOLD),
    "chaos-instance-termination": [
        *_LOG,
        *each("ec2", "TerminateInstances", INSTANCE, MINE),
        *each("ec2", "DescribeInstances"),
    ],
    "chaos-az-impairment": _ZONE,
    "chaos-ecs-task-latency": _TASKS,
    "chaos-ecs-task-blackhole": _TASKS,
    "chaos-database-failover": _FAILOVER,
}

_ELSEWHERE: Final = "999999999999"
_ON_INSTANCES: Final = [
    *each("ssm", "SendCommand", INSTANCE, THEIRS),
    *each("ssm", "SendCommand", INSTANCE, OTHER_ENVIRONMENT),
    *each("ssm", "SendCommand", INSTANCE, UNOFFERED),
    *each("ssm", "SendCommand", INSTANCE),
    *each("ssm", "SendCommand", arn("ec2", "instance/i-1", account=_ELSEWHERE), MINE),
    *each("ssm", "SendCommand", arn("ec2", "instance/i-1", region="eu-west-1"), MINE),
    *each("ssm", "SendCommand", arn("ssm", "document/somebodys")),
    *each("ssm", "SendCommand", "arn:aws:ssm:us-east-1::document/AWS-RunShellScript"),
    *each("ec2", "TerminateInstances", INSTANCE, MINE),
]
_START_OTHERS: Final = [
    *each("fis", "StartExperiment", TEMPLATE),
    *each("fis", "StartExperiment", TEMPLATE, {**OWN_TEMPLATE, "aws:ResourceTag/environment": "prod"}),
    *each("fis", "StartExperiment", TEMPLATE, tags(environment="dev")),
    *each("fis", "TagResource", TEMPLATE),
    *each("iam", "CreateServiceLinkedRole", LINKED, {"iam:AWSServiceName": "rds.amazonaws.com"}),
    *each("iam", "CreateServiceLinkedRole", f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/rds.amazonaws.com/x"),
    *each("iam", "PassRole", f"arn:aws:iam::{ACCOUNT}:role/ial-dev-chaos-network-latency"),
]

_NO_TASKS: Final = [
    *each(
        "ssm",
        "SendCommand",
        arn("ssm", "managed-instance/mi-1"),
        {**TASK, "aws:ResourceTag/ECS_TASK_ARN": arn("ecs", "task/shop-prod/0123456789abcdef")},
    ),
    *each("ssm", "SendCommand", arn("ssm", "managed-instance/mi-1"), tags(FAULT_INJECTION_SIDECAR="true")),
    *each(
        "ssm",
        "SendCommand",
        arn("ssm", "managed-instance/mi-1"),
        {**TASK, "aws:ResourceTag/FAULT_INJECTION_SIDECAR": "false"},
    ),
    *each("ssm", "SendCommand", INSTANCE, MINE),
    *each("ecs", "StopTask", arn("ecs", "task/shop/0123456789abcdef")),
]

MUST_NOT: Final[dict[str, list[Call]]] = {
    "runner-reader": [
        *each("dynamodb", "PutItem DeleteItem", RECORDS, keyed("run")),
        *each("dynamodb", "GetItem Scan", table("orders")),
        *each("s3", "GetObject", f"{ASSETS}/images/00.svg"),
        *each("s3", "PutObject DeleteObject", f"{CONFIGURATION}/{MONTH}"),
        # Without the limit of the stack's own workgroup; other tables; another environment's other parts.
        *each("athena", "StartQueryExecution", arn("athena", "workgroup/primary")),
        *each("athena", "UpdateWorkGroup CreateNamedQuery DeleteNamedQuery", WORKGROUP),
        *each("glue", "GetTable", arn("glue", "table/sales/orders")),
        *each("glue", "UpdateTable DeleteTable CreateTable", arn("glue", "table/ial_dev_records/runs")),
        *each("s3", "GetObject", f"{OTHER_CONFIGURATION}/configuration/x"),
        *each("s3", "ListBucket", OTHER_CONFIGURATION),
        *each("s3", "PutObject", f"{OTHER_CONFIGURATION}/query-results/1.csv"),
    ],
    "runner-drill": [
        *each("dynamodb", "UpdateItem", RECORDS, keyed("run")),
        *each("dynamodb", "UpdateItem", RECORDS),
        # Another item; no key at all; ours and somebody else's in one call.
        *each("dynamodb", "PutItem DeleteItem", table("orders"), keyed("order-0001")),
        *each("dynamodb", "PutItem DeleteItem", table("orders"), keyed("17")),
        *each("dynamodb", "PutItem DeleteItem", table("orders")),
        *each("dynamodb", "PutItem DeleteItem", table("orders"), keyed("ial-drill-1", "order-0001")),
        *each("dynamodb", "BatchWriteItem UpdateItem", table("orders"), keyed("ial-drill-1")),
        *each("dynamodb", "PutItem DeleteItem", table("invoices"), keyed("ial-drill-1")),
        *each("dynamodb", "PutItem", table("orders", account=_ELSEWHERE), keyed("ial-drill-1")),
        # Deleting data, or taking its protection away.
        *each("dynamodb", "DeleteTable UpdateTable UpdateContinuousBackups DeleteBackup", table("orders")),
        *each("dynamodb", "DeleteTable", table("orders-drill-today")),
        *each("dynamodb", "DeleteItem UpdateItem DeleteTable", RECORDS, keyed("run")),
        *each("s3", "PutObject DeleteObject DeleteObjectVersion", f"{ASSETS}/images/00.svg"),
        *each("s3", "DeleteBucket PutBucketVersioning PutLifecycleConfiguration PutBucketPolicy", ASSETS),
        *each("s3", "GetObject", "arn:aws:s3:::shop-assets-of-others/images/00.svg"),
        *each("s3", "DeleteObjectVersion", f"{CONFIGURATION}/configuration/x"),
        *each("s3", "DeleteObject DeleteObjectVersion", f"{CONFIGURATION}/{MONTH}"),
        *each("rds", "DeleteDBInstance ModifyDBInstance", arn("rds", "db:shop-db")),
        *each("rds", "DeleteDBInstance", arn("rds", "db:shop-db-drill-mine")),
        # Another key, the same key by another way, and away from AWS's services.
        *each("kms", "Decrypt", FOREIGN_KEY, via("s3")),
        *each("kms", "Decrypt", BUCKET_KEY, via("dynamodb")),
        *each("kms", "Decrypt", BUCKET_KEY, via("s3", "eu-west-1")),
        *each("kms", "Decrypt CreateGrant", TABLE_KEY),
        *each("kms", "CreateGrant", DATABASE_KEY),
        *each(
            "iam",
            "PassRole",
            f"arn:aws:iam::{ACCOUNT}:role/ial-dev-drill-scheduler",
            {"iam:PassedToService": "ec2.amazonaws.com"},
        ),
        *each("kms", "ScheduleKeyDeletion", TABLE_KEY, via("dynamodb")),
        # Another stack's.
        *each("scheduler", "UpdateSchedule", arn("scheduler", "schedule/default/ial-prod-drill-overdue")),
        *each("cloudwatch", "PutMetricData", context={"cloudwatch:namespace": "ial/prod"}),
        *each("backup", "StartBackupJob DeleteRecoveryPoint", arn("backup", "backup-vault:ial-prod-vault")),
        *each("backup", "DeleteRecoveryPoint", arn("backup", "backup-vault:ial-dev-vault")),
        *each(
            "iam",
            "PassRole",
            f"arn:aws:iam::{ACCOUNT}:role/ial-dev-backup",
            {"iam:PassedToService": "ec2.amazonaws.com"},
        ),
        *each("ecs", "UpdateCluster", arn("ecs", "cluster/shop")),
        *each("s3", "ListBucket", OTHER_CONFIGURATION, {"s3:prefix": "configuration/"}),
    ],
    "backup": [
        *each("dynamodb", "DeleteTable PutItem", table("orders")),
        *each("dynamodb", "CreateBackup", table("invoices")),
        *each("rds", "DeleteDBInstance", arn("rds", "db:shop-db")),
        *each("rds", "DeleteDBSnapshot", arn("rds", "snapshot:of-the-owner")),
        *each("kms", "Decrypt", BUCKET_KEY, via("s3")),
        *each("kms", "Decrypt", TABLE_KEY, via("s3")),
        *each("kms", "CreateGrant", DATABASE_KEY),
    ],
    "drill-scheduler": each("cloudwatch", "PutMetricData", context={"cloudwatch:namespace": "AWS/RDS"}),
    "runner-chaos": [
        *_START_OTHERS,
        *each("cloudwatch", "PutMetricData", context={"cloudwatch:namespace": "ial/prod"}),
        *each("ssm", "SendCommand", INSTANCE, MINE),
        *each("ssm", "GetDocument", arn("ssm", "document/secrets")),
        *each("ecs", "UpdateCluster", arn("ecs", "cluster/others")),
        *each("ecs", "ListTasks", context={"ecs:cluster": arn("ecs", "cluster/others")}),
        *each("ecs", "ListTasks"),
        *each("fis", "UpdateSafetyLeverState", arn("fis", "safety-lever/default")),
        *each("dynamodb", "DeleteItem", RECORDS, keyed("run")),
        # The bucket's other parts, and whatever would take a run away.
        *each("s3", "GetObject PutObject", f"{CONFIGURATION}/configuration/x"),
        *each("s3", "ListBucket", CONFIGURATION, {"s3:prefix": "configuration/"}),
        *each("s3", "ListBucket", CONFIGURATION),
        *each("s3", "DeleteObject DeleteObjectVersion", f"{CONFIGURATION}/{MONTH}"),
        *each("s3", "PutObject", f"arn:aws:s3:::ial-prod-configuration-{ACCOUNT}/{MONTH}"),
    ],
    "chaos-halt": [
        *each("fis", "StartExperiment", TEMPLATE, OWN_TEMPLATE),
        *each("scheduler", "UpdateSchedule", arn("scheduler", "schedule/default/ial-prod-network-latency")),
        *each("scheduler", "DeleteSchedule", arn("scheduler", "schedule/default/ial-dev-network-latency")),
        *each("dynamodb", "DeleteItem", RECORDS, keyed("halt")),
        *each(
            "iam",
            "PassRole",
            f"arn:aws:iam::{ACCOUNT}:role/ial-dev-start-network-latency",
            {"iam:PassedToService": "ec2.amazonaws.com"},
        ),
    ],
    "rollback": [
        *each("ecs", "UpdateService DeleteService CreateService", arn("ecs", "service/shop/others")),
        *each("ecs", "DeleteService UpdateServicePrimaryTaskSet", arn("ecs", f"service/{SERVICE}")),
        *each("ecs", "StopServiceDeployment", arn("ecs", "service-deployment/shop/others/1")),
        *each("ecs", "RegisterTaskDefinition RunTask"),
        *each(
            "autoscaling",
            "StartInstanceRefresh",
            arn("autoscaling", "autoScalingGroup:1-2:autoScalingGroupName/others"),
        ),
        *each("autoscaling", "UpdateAutoScalingGroup SetDesiredCapacity"),
        *each("ec2", "RunInstances", arn("ec2", "instance/*")),
        *each("iam", "PassRole", f"arn:aws:iam::{ACCOUNT}:role/admin", {"iam:PassedToService": "ec2.amazonaws.com"}),
        *each("iam", "PassRole", INSTANCE_ROLE, {"iam:PassedToService": "lambda.amazonaws.com"}),
        *each(
            "elasticloadbalancing", "ModifyRule DeleteRule", arn("elasticloadbalancing", "listener-rule/app/o/1/2/3")
        ),
        *each("elasticloadbalancing", "DeleteRule", RULE),
        *each("lambda", "UpdateFunctionCode PublishVersion InvokeFunction", FUNCTION),
        *each("lambda", "UpdateAlias", arn("lambda", "function:others")),
        *each("appconfig", "StartDeployment", arn("appconfig", "application/xyz9999")),
        *each("ssm", "StartAutomationExecution", arn("ssm", "automation-definition/AWS-StopEC2Instance:1")),
        *each("ssm", "PutParameter DeleteParameter", arn("ssm", "parameter/ial/prod/rollback/holds/x")),
        *each("ssm", "PutParameter", arn("ssm", "parameter/ial/dev/borrowed/x")),
        *each("ssm", "GetParameter", arn("ssm", "parameter/shop/password")),
        *each("secretsmanager", "GetSecretValue", arn("secretsmanager", "secret:shop-1")),
        *each("fis", "StartExperiment", TEMPLATE, OWN_TEMPLATE),
        *each("sns", "Publish", arn("sns", "ial-prod-alerts")),
    ],
    "chaos-teller": each("sns", "Publish", arn("sns", "ial-prod-alerts")),
    "start-network-latency": _START_OTHERS,
    "suite-weekly": [
        *_START_OTHERS,
        *each("dynamodb", "UpdateItem DeleteItem", RECORDS, keyed("chaos#2026-11")),
        *each("dynamodb", "UpdateItem", RECORDS, keyed("lease#due")),
        *each("dynamodb", "PutItem", RECORDS, keyed("chaos")),
        *each("dynamodb", "PutItem", RECORDS, keyed("drills#2026-11")),
        *each("dynamodb", "GetItem", RECORDS, keyed(RUN)),
        *each("dynamodb", "Query", RECORDS, keyed("drills#2026-11")),
        *each("dynamodb", "Scan DeleteTable", RECORDS),
        *each("dynamodb", "PutItem", table("orders"), keyed(RUN)),
        # The month's object is the runners'; another stack's runs are not ours.
        *each("s3", "PutObject", f"{CONFIGURATION}/{MONTH}"),
        *each("s3", "PutObject", f"{CONFIGURATION}/runs/dt=2026-11-01/other/{RUN}.jsonl"),
        *each("s3", "GetObject DeleteObject", f"{CONFIGURATION}/runs/dt=2026-11-01/dev/{RUN}.jsonl"),
        *each("fis", "UpdateSafetyLeverState", arn("fis", "safety-lever/default")),
        *each("states", "StartExecution", arn("states", "stateMachine:ial-dev-suite-weekly")),
    ],
    "start-suite-weekly": [
        *each("states", "StartExecution", arn("states", "stateMachine:ial-prod-suite-weekly")),
        *each("fis", "StartExperiment", TEMPLATE, OWN_TEMPLATE),
    ],
    "fleet-weekly": [
        *each("states", "StartExecution", arn("states", "stateMachine:ial-dev-suite-post-deploy")),
        *each("states", "UpdateStateMachine", arn("states", "stateMachine:ial-dev-suite-weekly")),
    ],
    "chaos-network-latency": _ON_INSTANCES,
    "chaos-alb-stress": _ON_INSTANCES,
    "chaos-database-connection-failure": _ON_INSTANCES,
    "chaos-connection-exhaustion": _ON_INSTANCES,
    "chaos-instance-termination": [
        *each("ec2", "TerminateInstances", INSTANCE, THEIRS),
        *each("ec2", "TerminateInstances", INSTANCE, OTHER_ENVIRONMENT),
        *each("ec2", "TerminateInstances", INSTANCE, UNOFFERED),
        *each("ec2", "TerminateInstances", arn("ec2", "instance/i-1", account=_ELSEWHERE), MINE),
        *each("ec2", "StopInstances RebootInstances ModifyInstanceAttribute", INSTANCE, MINE),
    ],
    "chaos-az-impairment": [
        *each("arc-zonal-shift", "StartZonalShift", arn("elasticloadbalancing", "loadbalancer/app/other/1")),
        *each("ec2", "ReplaceNetworkAclAssociation", arn("ec2", "subnet/subnet-0c0c0c0c0c0c0c0c0")),
        *each("ec2", "CreateNetworkAcl CreateNetworkAclEntry", ACL),
        *each("ec2", "CreateTags", ACL, MARK),
        *each("ec2", "CreateTags", INSTANCE, MARK),
        *each("ec2", "DeleteSubnet", SUBNET),
    ],
    "chaos-ecs-task-latency": _NO_TASKS,
    "chaos-ecs-task-blackhole": _NO_TASKS,
    "chaos-database-failover": [
        *each("rds", "RebootDBInstance", arn("rds", "db:shop-db")),
        *each("rds", "RebootDBInstance", arn("rds", "db:shop-db-prod"), tags(chaos__enabled="true")),
        *each("rds", "RebootDBInstance", arn("rds", "db:shop-db"), tags(chaos__enabled="true", environment="prod")),
        *each("rds", "DeleteDBInstance", arn("rds", "db:shop-db"), tags(chaos__enabled="true")),
    ],
}
