"""The command as users run it, on a day on which prices are fresh."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.server import Running
from runners.aws.session import AwsClients
from tests.clouds import Clouds
from tests.runners.runner_processes import LIMIT_SECONDS, RunnerProcesses

ROOT = Path(__file__).resolve().parents[2]
AS_OF = "2026-11-25"


@dataclass(frozen=True)
class Ran:
    """One run of the command."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """What stdout holds, which must be one JSON document and nothing else."""
        return json.loads(self.out)


Ial = Callable[..., Ran]


@pytest.fixture
def ial(tmp_path: Path, processes: RunnerProcesses) -> Ial:
    """Runs `ial` as a process in an empty folder, without terminal, credentials or Pulumi.

    It is forked from one that has imported everything; with a search path of its own it begins like any program.
    """

    def run(*arguments: str | Path, folder: Path = tmp_path, environment: Mapping[str, str] | None = None) -> Ran:
        kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR", "SystemRoot") if name in os.environ}
        given = {**kept, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "IAL_AS_OF": AS_OF, **(environment or {})}
        words = [*map(str, arguments)]
        if given["PYTHONPATH"] == str(ROOT):
            return Ran(*processes.run(folder, *words, environment=given, bare=True))
        return started(words, folder, given)

    return run


def started(arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Ran:
    """Runs `ial` as a person's shell does it: from nothing."""
    done = subprocess.run(
        [sys.executable, "-m", "runners.cli", *arguments],
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def processes() -> Iterator[RunnerProcesses]:
    """Runners that begin at once and can be killed."""
    with RunnerProcesses({"IAL_AS_OF": AS_OF}) as found:
        yield found


@pytest.fixture(autouse=True)
def _on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IAL_AS_OF", AS_OF)


@pytest.fixture(scope="session")
def cloud(clouds: Clouds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A local cloud with the example workload, for adapters: what a test makes in it, it removes."""
    with clouds.seeded(tmp_path_factory.mktemp("cloud")) as running:
        yield running


@pytest.fixture(scope="session")
def clients(cloud: Running) -> AwsClients:
    """The production clients, at the local cloud."""
    return AwsClients("us-east-1", endpoint=cloud.endpoint.url, keys=("local", "local", None))
