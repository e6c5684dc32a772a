"""A stack that is up on a local cloud of its own, and the commands run on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from local.deployment import LocalStack
from local.server import Running
from preview.project import Project
from runners.runs.run_folder import Runs
from tests.clouds import STACK, Clouds
from tests.runners.conftest import Ial, Ran


@contextmanager
def changed(clouds: Clouds, folder: Path, change: Callable[[Running], None]) -> Iterator[tuple[Path, Running]]:
    """The example program in the folder, applied, changed in its files, and applied again."""
    with clouds.deployed(folder) as running:
        change(running)
        LocalStack(Project.load(folder, STACK)).up()
        yield folder, running


@dataclass
class DeployedStack:
    """The program's folder with its cloud, and a group of commands run there."""

    folder: Path
    running: Running
    ial: Ial
    group: ClassVar[str]

    def run(self, *arguments: str) -> Ran:
        """One command of the group on the stack."""
        return self.ial(self.group, *arguments, "--stack", STACK, "--engine", "local", folder=self.folder)

    def runs(self) -> set[str]:
        """All runs of the folder: what is new is a test's own, whatever others did there and at what time."""
        return {*Runs(self.folder, STACK).all()}

    def client(self, service: str) -> Any:
        """A client of the cloud."""
        return self.running.endpoint.client(service)

    def forget_copies(self) -> None:
        """What a test copied is not there for the next one."""
        backup = self.client("backup")
        for vault in backup.list_backup_vaults()["BackupVaultList"]:
            forget_copies(backup, vault["BackupVaultName"])

    def forget(self) -> None:
        """The month's budget is each test's own."""
        name, dynamodb = "ial-dev-records", self.client("dynamodb")
        keys = [{key: item[key] for key in ("run", "step")} for item in dynamodb.scan(TableName=name)["Items"]]
        for start in range(0, len(keys), 25):
            batch = [{"DeleteRequest": {"Key": key}} for key in keys[start : start + 25]]
            dynamodb.batch_write_item(RequestItems={name: batch})


def forget_copies(backup: Any, vault: str) -> None:
    """Deletes all copies of a vault."""
    while points := backup.list_recovery_points_by_backup_vault(BackupVaultName=vault)["RecoveryPoints"]:
        for point in points:
            backup.delete_recovery_point(BackupVaultName=vault, RecoveryPointArn=point["RecoveryPointArn"])
