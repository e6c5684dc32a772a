"""What AWS Backup may do: copy the listed tables and the listed database, and restore tables when tests are on."""

from components.backup.key_permissions import database_keys, table_keys
from components.place import Place
from components.roles import Statement, allow


def copy_permissions(place: Place, vault: str, tables: tuple[str, ...], database: str | None) -> list[Statement]:
    """Copies of these resources into this vault."""
    statements = [allow("Vault", ["backup:DescribeBackupVault", "backup:CopyIntoBackupVault"], [_vault(place, vault)])]
    if tables:
        statements += _tables(place, tables)
    if database:
        statements += _database(place, database)
    return statements


def copy_keys(place: Place, keys: tuple[str, ...], database_key: str | None) -> list[Statement]:
    """Copies of what is encrypted with customer keys: AWS Backup reads with the role that it is given.

    Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
    """
    return [*table_keys(place, keys), *database_keys(place, [database_key] if database_key else [])]


def restore_permissions(place: Place, tables: tuple[str, ...]) -> list[Statement]:
    """Restores of copies into tables that AWS Backup names itself, and deletes after the test."""
    actions = [
        "dynamodb:RestoreTableFromBackup",
        "dynamodb:RestoreTableFromAwsBackup",
        "dynamodb:DescribeTable",
        "dynamodb:DeleteTable",
        *(f"dynamodb:{verb}Item" for verb in ("Get", "Put", "Update", "Delete", "BatchWrite")),
        "dynamodb:Query",
        "dynamodb:Scan",
    ]
    copies = [f"{place.table_arn(table)}/backup/*" for table in tables]
    return [
        allow("RestoreTestTables", actions, [place.table_arn("awsbackup-restore-test-*")]),
        allow("ReadCopies", actions[:2], copies),
    ]


def _vault(place: Place, vault: str) -> str:
    return place.arn("backup", f"backup-vault:{vault}")


def _tables(place: Place, tables: tuple[str, ...]) -> list[Statement]:
    arns = [place.table_arn(table) for table in tables]
    copies = [f"{arn}/backup/*" for arn in arns]
    return [
        allow(
            "CopyTables",
            [
                "dynamodb:CreateBackup",
                "dynamodb:DescribeTable",
                "dynamodb:DescribeContinuousBackups",
                "dynamodb:ListTagsOfResource",
                "dynamodb:StartAwsBackupJob",
            ],
            arns,
        ),
        allow("ManageTableCopies", ["dynamodb:DescribeBackup", "dynamodb:DeleteBackup"], copies),
    ]


def _database(place: Place, database: str) -> list[Statement]:
    instance = place.arn("rds", f"db:{database}")
    copies = place.arn("rds", "snapshot:awsbackup:*")
    return [
        allow(
            "CopyDatabase",
            ["rds:CreateDBSnapshot", "rds:DescribeDBInstances", "rds:ListTagsForResource"],
            [instance, copies],
        ),
        allow(
            "ManageDatabaseCopies",
            ["rds:AddTagsToResource", "rds:DescribeDBSnapshots", "rds:DeleteDBSnapshot"],
            [copies],
        ),
    ]
