from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from local.deployment import LocalStack
from local.endpoint import Endpoint
from local.server import Running
from preview.project import Project
from tests.clouds import Clouds
from tests.local.leaving import leave_nothing

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("program")


@pytest.fixture(scope="session")
def cloud(clouds: Clouds, folder: Path) -> Iterator[Running]:
    with clouds.seeded(folder) as running:
        yield running


@pytest.fixture(scope="session")
def endpoint(cloud: Running) -> Endpoint:
    """One set of clients: making one takes longer than most requests."""
    return cloud.endpoint


@pytest.fixture
def stack(cloud: Running, folder: Path) -> Iterator[LocalStack]:
    """The repository's program, with its state beside the tests' own cloud."""
    found = LocalStack(replace(Project.load(ROOT, "dev"), directory=folder))
    yield found
    if found.state().resources:
        leave_nothing(found)
