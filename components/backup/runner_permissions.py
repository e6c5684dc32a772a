"""What the runners may do: read the workload, write records, and restore beside the original, never over it."""

from collections.abc import Sequence
from dataclasses import dataclass

from components.place import Place
from components.roles import Statement, allow

DRILL_SUFFIX = "-drill-*"


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
    cluster: str | None


def reader_permissions(reach: Reach) -> list[Statement]:
    """Alarms, metrics and records, read only: for analysis, score and report."""
    place = reach.place
    records = place.table_arn(reach.records_table)
    bucket = place.bucket_arn(reach.configuration_bucket)
    return [
        # CloudWatch's metric reads know no resource; alarms do, and their history needs the account's.
        allow(
            "ReadMetrics",
            ["cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics", "cloudwatch:GetMetricData"],
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
    ]


def drill_permissions(reach: Reach) -> list[Statement]:
    """Everything a backup, a restore drill or a rollback of objects needs."""
    return [
        *reader_permissions(reach),
        *_records(reach),
        *_tables(reach),
        *_buckets(reach),
        *_copies(reach),
        *_cluster(reach),
    ]


def _records(reach: Reach) -> list[Statement]:
    place = reach.place
    return [
        allow("WriteRecords", ["dynamodb:PutItem", "dynamodb:UpdateItem"], [place.table_arn(reach.records_table)]),
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
    drills = [f"{arn}{DRILL_SUFFIX}" for arn in originals]
    return [
        allow(
            "ReadTables",
            [
                *("dynamodb:DescribeTable", "dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTimeToLive"),
                *("dynamodb:ListTagsOfResource", "dynamodb:GetItem", "dynamodb:Scan", "dynamodb:Query"),
                "dynamodb:RestoreTableToPointInTime",
            ],
            originals,
        ),
        allow("WriteSentinels", ["dynamodb:PutItem", "dynamodb:DeleteItem"], originals),
        allow(
            "OwnDrillTables",
            [
                *("dynamodb:RestoreTableToPointInTime", "dynamodb:DescribeTable", "dynamodb:DeleteTable"),
                *("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"),
                *("dynamodb:BatchWriteItem", "dynamodb:Scan", "dynamodb:Query", "dynamodb:TagResource"),
                *("dynamodb:ListTagsOfResource", "dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTimeToLive"),
            ],
            drills,
        ),
    ]


def _buckets(reach: Reach) -> list[Statement]:
    if not reach.buckets:
        return []
    arns = [reach.place.bucket_arn(bucket) for bucket in reach.buckets]
    return [
        allow(
            "ReadBuckets",
            ["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketVersioning", "s3:GetLifecycleConfiguration"],
            arns,
        ),
        # A rollback adds versions and delete markers, or takes markers away: it needs no delete of data.
        allow(
            "RollBackObjects",
            ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:DeleteObject"],
            [f"{arn}/*" for arn in arns],
        ),
        allow("RemoveDeleteMarkers", ["s3:DeleteObjectVersion"], [f"{arn}/*" for arn in arns]),
    ]


def _copies(reach: Reach) -> list[Statement]:
    if not (reach.vault and reach.backup_role):
        return []
    place = reach.place
    return [
        allow(
            "StartCopies",
            ["backup:StartBackupJob", "backup:ListRecoveryPointsByBackupVault", "backup:DescribeBackupVault"],
            [place.arn("backup", f"backup-vault:{reach.vault}")],
        ),
        allow("WatchCopies", ["backup:DescribeBackupJob", "backup:ListBackupJobs"], ["*"]),
        allow(
            "PassBackupRole",
            ["iam:PassRole"],
            [place.global_arn("iam", f"role/{reach.backup_role}")],
            StringEquals={"iam:PassedToService": "backup.amazonaws.com"},
        ),
    ]


def _cluster(reach: Reach) -> list[Statement]:
    if not reach.cluster:
        return []
    arn = reach.place.arn("ecs", f"cluster/{reach.cluster}")
    return [allow("SwitchInsights", ["ecs:DescribeClusters", "ecs:UpdateCluster"], [arn])]
