"""A stack that is up on a local cloud of its own, and the production ports to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.server import Running
from preview.engines import Engine
from runners.wiring.backup import Access
from tests.clouds import STACK, Clouds
from tests.runners.backup.tables.test_tables import set_knobs
from tests.runners.conftest import Ial
from tests.runners.deployed import DeployedStack


class Deployed(DeployedStack):
    """A stack whose data is drilled and restored."""

    group = "backup"

    def access(self) -> Access:
        """The stack as the commands reach it."""
        return Access.open(STACK, self.folder, Engine.LOCAL, lambda _: None)

    def knobs(self, **values: Any) -> None:
        """Makes the cloud's restores go wrong."""
        set_knobs(self.running, **values)


@pytest.fixture(scope="session")
def site(clouds: Clouds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Running]]:
    """One stack for all tests of a worker."""
    folder = tmp_path_factory.mktemp("site")
    with clouds.deployed(folder) as running:
        yield folder, running


@pytest.fixture
def deployed(site: tuple[Path, Running], ial: Ial) -> Iterator[Deployed]:
    found = Deployed(*site, ial)
    found.knobs(latest_restorable_lag_seconds=0.0, restore_seconds=0.1, database_restore_seconds=0.1)
    yield found
    for knob in ("restore_current_data", "change_restored_item", "drop_restored_index", "restore_never_ends"):
        found.knobs(**{knob: False})
    found.forget()
    found.forget_copies()
