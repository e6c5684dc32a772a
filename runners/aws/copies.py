"""AWS Backup through boto3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runners.aws.session import Clients, calling
from runners.backup.copier import Job, RecoveryPoint
from runners.errors import AwsError


@dataclass(frozen=True)
class AwsCopier:
    """Every method is one call, or one listing."""

    clients: Clients

    def start(self, resource: str, vault: str, role: str, days: int, token: str) -> str:
        """Begins a copy, and returns its job.

        Raises:
            AwsError: it was refused.
        """
        with calling("backup:StartBackupJob", resource):
            answer = self._backup.start_backup_job(
                BackupVaultName=vault,
                ResourceArn=resource,
                IamRoleArn=role,
                IdempotencyToken=token,
                Lifecycle={"DeleteAfterDays": days},
            )
        job: str = answer["BackupJobId"]
        return job

    def job(self, id_: str) -> Job:
        """How a job stands.

        Raises:
            AwsError: it could not be asked.
        """
        with calling("backup:DescribeBackupJob", id_):
            found = self._backup.describe_backup_job(BackupJobId=id_)
        return Job(
            id=id_,
            state=found["State"],
            message=found.get("StatusMessage", ""),
            point=found.get("RecoveryPointArn"),
            size=found.get("BackupSizeInBytes"),
        )

    def points(self, resource: str, vault: str) -> Sequence[RecoveryPoint]:
        """The copies of a resource in a vault, newest first.

        Raises:
            AwsError: they could not be listed.
        """
        with calling("backup:ListRecoveryPointsByBackupVault", vault):
            pages = self._backup.get_paginator("list_recovery_points_by_backup_vault").paginate(
                BackupVaultName=vault, ByResourceArn=resource
            )
            found = [_point(held) for page in pages for held in page["RecoveryPoints"]]
        return sorted(found, key=lambda point: point.created, reverse=True)

    def readable(self, point: RecoveryPoint, vault: str) -> bool:
        """Whether AWS knows how to restore it.

        Raises:
            AwsError: it could not be asked.
        """
        try:
            with calling("backup:GetRecoveryPointRestoreMetadata", point.arn):
                answer = self._backup.get_recovery_point_restore_metadata(
                    BackupVaultName=vault, RecoveryPointArn=point.arn
                )
        except AwsError as error:
            if error.code in ("ResourceNotFoundException", "InvalidResourceStateException"):
                return False
            raise
        return bool(answer.get("RestoreMetadata"))

    @property
    def _backup(self) -> Any:
        return self.clients.client("backup")


def _point(held: Mapping[str, Any]) -> RecoveryPoint:
    return RecoveryPoint(
        arn=held["RecoveryPointArn"],
        status=held["Status"],
        created=held["CreationDate"],
        size=int(held.get("BackupSizeInBytes", 0)),
        encrypted=bool(held.get("IsEncrypted")),
        deleted_at=held.get("CalculatedLifecycle", {}).get("DeleteAt"),
    )
