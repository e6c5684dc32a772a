"""Backup vaults as holders of data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from contract.names import resource_prefix
from runners.aws.holders.patience import Patience
from runners.aws.session import Clients, call, calling
from runners.errors import AwsError
from runners.kept.holders import Look, counted
from runners.kept.kept import Kept

_MISSING: Final = "ResourceNotFoundException"
# AWS goes on with this for some seconds after the last recovery point is gone.
_NOT_EMPTY: Final = "InvalidRequestException"
_ENDING: Final = "DELETING"


@dataclass(frozen=True)
class VaultHolder:
    """A vault goes with the recovery points that the stack's own role made; one with others' points stays whole."""

    clients: Clients
    patience: Patience

    def look(self, name: str) -> Look | None:
        """How many recovery points, and how large they are.

        Raises:
            AwsError: it could not be asked.
        """
        arn = self._arn(name)
        if arn is None:
            return None
        tags = call("backup:ListTags", name, self._backup.list_tags, ResourceArn=arn).get("Tags", {})
        points = self._points(name)
        size = sum(int(point.get("BackupSizeInBytes", 0)) for point in points)
        return Look(tags=tags, holds=counted(len(points), "recovery point"), size=size)

    def remove(self, held: Kept) -> str:
        """Deletes the recovery points, waits until they are gone, and deletes the vault.

        Raises:
            AwsError: AWS refused something.
            DeadlineError: a recovery point is not gone in time.
        """
        name = held.name
        if self._arn(name) is None:
            return ""
        try:
            points = self._points(name)
            foreign = [point for point in points if not _made_by(point, held.environment)]
            if foreign:
                first, number = foreign[0].get("IamRoleArn", "nobody named"), counted(len(foreign), "recovery point")
                return f"{number} in it not made by the stack, such as by {first}; move or delete it"
            for point in points:
                self._delete(name, point)
            self.patience.until(f"the end of the recovery points in {name}", lambda: not self._points(name))
            vault = self._backup.delete_backup_vault
            self.patience.insist(
                _NOT_EMPTY, lambda: call("backup:DeleteBackupVault", name, vault, BackupVaultName=name)
            )
        except AwsError as error:
            if error.code != _MISSING:
                raise
        return ""

    def _arn(self, name: str) -> str | None:
        """Asked of the list: of a vault that is not there, AWS says that looking at it is denied."""
        with calling("backup:ListBackupVaults", "the region"):
            pages = self._backup.get_paginator("list_backup_vaults").paginate()
            found = [vault for page in pages for vault in page["BackupVaultList"]]
        return next((str(vault["BackupVaultArn"]) for vault in found if vault["BackupVaultName"] == name), None)

    def _delete(self, vault: str, point: Mapping[str, Any]) -> None:
        if point.get("Status") == _ENDING:
            return
        arn = point["RecoveryPointArn"]
        try:
            method = self._backup.delete_recovery_point
            call("backup:DeleteRecoveryPoint", arn, method, BackupVaultName=vault, RecoveryPointArn=arn)
        except AwsError as error:
            if error.code != _MISSING:
                raise

    def _points(self, vault: str) -> list[Mapping[str, Any]]:
        with calling("backup:ListRecoveryPointsByBackupVault", vault):
            pages = self._backup.get_paginator("list_recovery_points_by_backup_vault").paginate(BackupVaultName=vault)
            return [point for page in pages for point in page["RecoveryPoints"]]

    @property
    def _backup(self) -> Any:
        return self.clients.client("backup")


def _made_by(point: Mapping[str, Any], environment: str) -> bool:
    """Whether one of the stack's roles made it: plan and `ial backup run` both copy in the name of such a role."""
    return str(point.get("IamRoleArn", "")).rsplit("/", 1)[-1].startswith(resource_prefix(environment))
