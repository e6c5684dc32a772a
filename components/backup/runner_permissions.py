"""What the runners may do: read the workload, write records, and restore beside the original, never over it."""

from collections.abc import Sequence
from dataclasses import dataclass

from components.backup.key_permissions import database_keys, object_keys, table_keys
from components.fleet.query_permissions import query_permissions
from components.fleet_settings import FleetSettings
from components.place import Place
from components.roles import Statement, allow
from contract.names import ANY_RUN, SENTINEL_PREFIX, drill_name, spending_budget

_BUCKET_READS = ("s3:ListBucketVersions", "s3:GetBucketVersioning", "s3:GetLifecycleConfiguration")

_OBJECT_READS = (
    *("s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectAcl"),
    *("s3:GetObjectVersion", "s3:GetObjectVersionTagging", "s3:GetObjectVersionAcl"),
)
_COPY_READS = ("s3:GetObjectTagging", "s3:GetObjectAcl")
_TABLE_READS = (
    *("dynamodb:DescribeTable", "dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTimeToLive"),
    *("dynamodb:ListTagsOfResource", "dynamodb:Scan", "dynamodb:RestoreTableToPointInTime"),
    # What a restore loses is told by comparing every setting.
    *("dynamodb:DescribeKinesisStreamingDestination", "dynamodb:GetResourcePolicy"),
    "dynamodb:DescribeContributorInsights",
)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """The resources that the runners touch."""

    place: Place
    namespace: str
    tables: Sequence[str]
    buckets: Sequence[str]
    records_table: str
    configuration_bucket: str
    vault: str | None
    backup_role: str | None
    database: str | None
    fleet: FleetSettings | None
    overdue_schedule: str | None
    budget: bool
    table_keys: Sequence[str]
    bucket_keys: Sequence[str]
    database_keys: Sequence[str]


def reader_permissions(reach: Reach) -> list[Statement]:
    """Alarms, metrics and records, read only: for analysis, score and report."""
    place = reach.place
    records = place.table_arn(reach.records_table)
    bucket = place.bucket_arn(reach.configuration_bucket)
    return [
        # CloudWatch's metric reads know no resource; alarms do, and their history needs the account's.
        allow(
            "ReadMetrics",
            ["cloudwatch:GetMetricData"],
            ["*"],
        ),
        allow(
            "ReadAlarms",
            ["cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarmHistory"],
            [place.arn("cloudwatch", "alarm:*")],
        ),
        allow("ReadRecords", ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"], [records]),
        allow("ListReports", ["s3:ListBucket"], [bucket]),
        allow("ReadReports", ["s3:GetObject"], [f"{bucket}/*"]),
        *(query_permissions(place, reach.fleet) if reach.fleet else []),
        *(_bill(place) if reach.budget else []),
    ]


def _bill(place: Place) -> list[Statement]:
    """`budgets:ViewBudget` is the action of DescribeBudget.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbudgetservice.html
    """
    budget = place.global_arn("budgets", f"budget/{spending_budget(place.environment)}")
    return [allow("ReadBill", ["budgets:ViewBudget", "budgets:ListTagsForResource"], [budget])]


def drill_permissions(reach: Reach) -> list[Statement]:
    """Everything a backup, a restore drill or a rollback of objects needs."""
    return [
        *reader_permissions(reach),
        *_records(reach),
        *_tables(reach),
        *_buckets(reach),
        *_databases(reach),
        *_copies(reach),
        *_configuration(reach),
        *_schedule(reach),
        *table_keys(reach.place, reach.table_keys),
        *object_keys(reach.place, reach.bucket_keys),
        *database_keys(reach.place, reach.database_keys),
    ]


def _records(reach: Reach) -> list[Statement]:
    place = reach.place
    return [
        allow("WriteRecords", ["dynamodb:PutItem"], [place.table_arn(reach.records_table)]),
        allow(
            "HoldLease",
            ["dynamodb:UpdateItem"],
            [place.table_arn(reach.records_table)],
            **{
                "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["lease#*"]},
                "Null": {"dynamodb:LeadingKeys": "false"},
            },
        ),
        allow("WriteReports", ["s3:PutObject"], [f"{place.bucket_arn(reach.configuration_bucket)}/*"]),
        allow(
            "PublishResults",
            ["cloudwatch:PutMetricData"],
            ["*"],
            StringEquals={"cloudwatch:namespace": reach.namespace},
        ),
    ]


def _tables(reach: Reach) -> list[Statement]:
    if not reach.tables:
        return []
    originals = [reach.place.table_arn(table) for table in reach.tables]
    drills = [drill_name(arn, ANY_RUN) for arn in originals]
    return [
        allow("ReadTables", _TABLE_READS, originals),
        *_sentinels(originals),
        *_drill_tables(drills),
        *_table_surroundings([f"{arn}/index/*" for arn in (*originals, *drills)]),
    ]


def _sentinels(originals: Sequence[str]) -> list[Statement]:
    return [
        # ForAllValues is true of a request without keys, so there must be one:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
        allow(
            "WriteSentinels",
            ["dynamodb:PutItem", "dynamodb:DeleteItem"],
            originals,
            **{
                "ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{SENTINEL_PREFIX}*"]},
                "Null": {"dynamodb:LeadingKeys": "false"},
            },
        ),
    ]


def _drill_tables(drills: Sequence[str]) -> list[Statement]:
    return [
        allow("OwnDrillTables", [*_TABLE_READS, "dynamodb:TagResource", "dynamodb:DeleteTable"], drills),
        # The runner only reads one item of these; AWS asks for the others of whoever restores into a table.
        allow(
            "FillDrillTables",
            [
                *("dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem"),
                *("dynamodb:Query", "dynamodb:UpdateItem"),
            ],
            drills,
        ),
    ]


def _table_surroundings(insights: Sequence[str]) -> list[Statement]:
    """What belongs to tables beside themselves: their indexes, their scaling, and what drills left."""
    return [
        allow("ReadIndexInsights", ["dynamodb:DescribeContributorInsights"], insights),
        # Application Auto Scaling knows no resources for these calls.
        allow(
            "ReadScaling",
            [
                "application-autoscaling:DescribeScalableTargets",
                "application-autoscaling:DescribeScalingPolicies",
                "application-autoscaling:DescribeScheduledActions",
            ],
            ["*"],
        ),
        # Leftovers are found by their names.
        allow("FindDrillTables", ["dynamodb:ListTables"], ["*"]),
    ]


def _buckets(reach: Reach) -> list[Statement]:
    """Objects are copied into the configuration bucket; of the bucket itself only the sentinel is written."""
    if not reach.buckets:
        return []
    arns = [reach.place.bucket_arn(bucket) for bucket in reach.buckets]
    return [
        allow(
            "ReadBuckets",
            [*_BUCKET_READS, "s3:GetBucketObjectLockConfiguration", "s3:GetBucketOwnershipControls"],
            arns,
        ),
        # A copy takes tags and access along, and each is compared.
        allow("ReadObjects", _OBJECT_READS, [f"{arn}/*" for arn in arns]),
        allow(
            "OwnSentinels",
            ["s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"],
            [f"{arn}/{SENTINEL_PREFIX}*" for arn in arns],
        ),
    ]


def _databases(reach: Reach) -> list[Statement]:
    if not reach.database:
        return []
    place, name = reach.place, reach.database
    side = place.arn("rds", f"db:{drill_name(name, ANY_RUN)}")
    return [
        allow("ReadDatabases", ["rds:DescribeDBInstances"], [place.arn("rds", "db:*")]),
        # How far back a restore can reach.
        allow("ReadRecovery", ["rds:DescribeDBInstanceAutomatedBackups"], [place.arn("rds", "auto-backup:*")]),
        allow(
            "RestoreDatabase",
            ["rds:RestoreDBInstanceToPointInTime"],
            [place.arn("rds", f"db:{name}"), side, *(place.arn("rds", f"{kind}:*") for kind in ("pg", "og", "subgrp"))],
        ),
        allow("OwnDrillDatabases", ["rds:AddTagsToResource", "rds:DeleteDBInstance"], [side]),
    ]


def _configuration(reach: Reach) -> list[Statement]:
    place = reach.place
    bucket = place.bucket_arn(reach.configuration_bucket)
    return [
        allow("ReadDashboards", ["cloudwatch:GetDashboard"], [place.global_arn("cloudwatch", "dashboard/*")]),
        # FIS lists templates of the account, and knows none of their ids before.
        allow("ListTemplates", ["fis:ListExperimentTemplates"], ["*"]),
        allow("ReadTemplates", ["fis:GetExperimentTemplate"], [place.arn("fis", "experiment-template/*")]),
        allow(
            "ListCopies",
            [*_BUCKET_READS, "s3:GetBucketObjectLockConfiguration", "s3:GetBucketOwnershipControls"],
            [bucket],
        ),
        allow("ReadCopies", ["s3:GetObjectVersion"], [f"{bucket}/*"]),
        allow("CompareCopies", _COPY_READS, [f"{bucket}/drills/*"]),
        # Copies that a drill made go with it; those of the configuration stay.
        allow(
            "OwnDrillCopies",
            ["s3:PutObjectTagging", "s3:AbortMultipartUpload", "s3:DeleteObjectVersion"],
            [f"{bucket}/drills/*"],
        ),
    ]


def _schedule(reach: Reach) -> list[Statement]:
    """A test that passed moves the day on which its absence raises the alarm."""
    if not reach.overdue_schedule:
        return []
    place = reach.place
    return [
        allow(
            "MoveOverdue",
            ["scheduler:GetSchedule", "scheduler:UpdateSchedule"],
            [place.arn("scheduler", f"schedule/default/{reach.overdue_schedule}")],
        ),
        allow(
            "PassSchedulerRole",
            ["iam:PassRole"],
            [place.global_arn("iam", f"role/{place.name('drill-scheduler')}")],
            StringEquals={"iam:PassedToService": "scheduler.amazonaws.com"},
        ),
    ]


def _copies(reach: Reach) -> list[Statement]:
    if not (reach.vault and reach.backup_role):
        return []
    place = reach.place
    return [
        allow(
            "StartCopies",
            ["backup:StartBackupJob", "backup:ListRecoveryPointsByBackupVault"],
            [place.arn("backup", f"backup-vault:{reach.vault}")],
        ),
        allow("WatchCopies", ["backup:DescribeBackupJob"], ["*"]),
        allow(
            "PassBackupRole",
            ["iam:PassRole"],
            [place.global_arn("iam", f"role/{reach.backup_role}")],
            StringEquals={"iam:PassedToService": "backup.amazonaws.com"},
        ),
    ]
