"""A stack that is up on a local cloud of its own, and the production ports to it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.deployment import LocalStack, local_server, start_with_workload
from local.server import Running
from preview.engines import Engine
from preview.project import Project
from runners.backup.access import Access
from tests.runners.backup.test_tables import set_knobs
from tests.runners.conftest import ROOT, Ial, Ran

STACK = "dev"


@dataclass
class Deployed:
    """The program's folder with its cloud, and the command run there."""

    folder: Path
    running: Running
    ial: Ial

    def run(self, *arguments: str) -> Ran:
        """One `ial backup` command on the stack."""
        return self.ial("backup", *arguments, "--stack", STACK, "--engine", "local", folder=self.folder)

    def access(self) -> Access:
        """The stack as the commands reach it."""
        return Access.open(STACK, self.folder, Engine.LOCAL, lambda _: None)

    def client(self, service: str) -> Any:
        """A client of the cloud."""
        return self.running.endpoint.client(service)

    def knobs(self, **values: Any) -> None:
        """Makes the cloud's restores go wrong."""
        set_knobs(self.running, **values)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Running]]:
    """One stack for all tests of a worker: applying it takes as long as twenty of them."""
    folder = tmp_path_factory.mktemp("site")
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
        shutil.copy(ROOT / name, folder / name)
    server = local_server(folder)
    running, _ = start_with_workload(server)
    LocalStack(Project.load(folder, STACK)).up()
    yield folder, running
    server.stop()


@pytest.fixture
def deployed(site: tuple[Path, Running], ial: Ial) -> Iterator[Deployed]:
    found = Deployed(*site, ial)
    found.knobs(latest_restorable_lag_seconds=0.0, restore_seconds=0.1, database_restore_seconds=0.1)
    yield found
    for knob in ("restore_current_data", "change_restored_item", "drop_restored_index", "restore_never_ends"):
        found.knobs(**{knob: False})
    forget(found)


def forget(found: Deployed) -> None:
    """The month's budget is each test's own."""
    table = found.client("dynamodb")
    for item in table.scan(TableName="ial-dev-records")["Items"]:
        table.delete_item(TableName="ial-dev-records", Key={key: item[key] for key in ("run", "step")})
