"""A stack that is up on a local cloud of its own, and the commands run on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from local.deployment import LocalStack, local_server, start_with_workload
from local.server import Running
from preview.project import Project
from tests.runners.conftest import ROOT, Ial, Ran

STACK = "dev"


@contextmanager
def applied(folder: Path, prepare: Callable[[Running], None] = lambda _: None) -> Iterator[tuple[Path, Running]]:
    """The example program in the folder, applied; `prepare` changes its files while the cloud runs already."""
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
        shutil.copy(ROOT / name, folder / name)
    server = local_server(folder)
    running, _ = start_with_workload(server, stay=False)
    try:
        prepare(running)
        LocalStack(Project.load(folder, STACK)).up()
        yield folder, running
    finally:
        server.stop()


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
