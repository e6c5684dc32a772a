"""The shipped program in folders of the tests' own, and the ways in which it is judged."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from local.endpoint import Endpoint
from preview.engines import Engine
from runners.gate.judging import Case, Order
from tests.clouds import Clouds
from tests.real_engine import require_engine

ROOT: Final = Path(__file__).resolve().parents[2]
AS_OF: Final = date(2026, 11, 25)
# The local cloud has one account, and nothing is done there for a stack of another.
LOCAL_ACCOUNT: Final = "123456789012"
ENGINE_LIMIT_SECONDS: Final = 120
STAND_IN: Final = Path(__file__).with_name("stand_in_provider.py")


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """No credentials and no settings of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith(("IAL_", "AWS_"))]:
        monkeypatch.delenv(name)
    if request.node.get_closest_marker("engine") is not None:
        _require_engine()


def _require_engine() -> None:
    require_engine()
    if not (ROOT / ".venv" / "bin" / "python").is_file():
        pytest.skip("the engine starts the pack from .venv, and there is none")


Program = Callable[..., Path]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The shipped program with further resources, in a folder that a test may change."""

    def write(extra: str = "", *, folder: str = "program") -> Path:
        return write_program(tmp_path / folder, extra)

    return write


def write_program(directory: Path, extra: str = "") -> Path:
    """Copies the project; `extra` are lines after the program's own, with `aws` imported."""
    directory.mkdir()
    for file in ("Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml"):
        shutil.copy(ROOT / file, directory / file)
    (directory / "components").symlink_to(ROOT / "components")
    (directory / ".venv").symlink_to(sys.prefix)
    own = (ROOT / "__main__.py").read_text(encoding="utf-8")
    (directory / "__main__.py").write_text(f"{own}\nimport pulumi_aws as aws\n{extra}\n", encoding="utf-8")
    return directory


def case_of(directory: Path, *settings: str, stack: str = "dev", **order: Any) -> Case:
    """An order for the preview of a program, with its files read."""
    options: dict[str, Any] = {"as_of": AS_OF, "engine": Engine.LOCAL, **order}
    return Case.open(Order(stack=stack, program=directory, settings=settings, **options))


def workload(stack: str = "dev", **changes: Any) -> str:
    """The stack's workload with changes, as `-c` takes it."""
    own = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))["config"]["ial:workload"]
    return f"workload={json.dumps(own | changes)}"


@dataclass(frozen=True)
class Pulumi:
    """The real CLI with a backend of its own and the stand-in provider; AWS is out of reach."""

    directory: Path
    stack: str

    def attempt(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs one command."""
        return subprocess.run(
            ["pulumi", *arguments, "--stack", self.stack, "--non-interactive"],
            cwd=self.directory,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=ENGINE_LIMIT_SECONDS,
            check=False,
        )

    def run(self, *arguments: str) -> str:
        """Runs one command that must succeed, and returns what it prints."""
        done = self.attempt(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def export(self) -> dict[str, Any]:
        """The stack's state."""
        exported: dict[str, Any] = json.loads(self.run("stack", "export"))
        return exported

    def created(self) -> list[str]:
        """The names of all that the state holds."""
        return [entry["urn"].rpartition("::")[2] for entry in self.export()["deployment"].get("resources") or []]


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Pulumi]:
    """Creates a stack for a program's folder."""
    state, plugins = tmp_path / "state", tmp_path / "plugins"
    state.mkdir()
    plugins.mkdir()
    plugin = plugins / "pulumi-resource-aws"
    plugin.write_text(f'#!/bin/sh\nexec "{sys.executable}" -u "{STAND_IN}" "$@"\n', encoding="utf-8")
    plugin.chmod(0o755)
    monkeypatch.setenv("PATH", f"{plugins}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{state}")
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "test")
    monkeypatch.setenv("PULUMI_SKIP_UPDATE_CHECK", "true")
    monkeypatch.setenv("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "true")
    # Whatever tries to reach AWS fails at once.
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    def start(directory: Path, stack: str = "dev") -> Pulumi:
        cli = Pulumi(directory, stack)
        subprocess.run(
            ["pulumi", "stack", "init", stack, "--non-interactive"],
            cwd=directory, check=True, capture_output=True, timeout=ENGINE_LIMIT_SECONDS,
        )  # fmt: skip
        return cli

    return start


@dataclass(frozen=True)
class Cloud:
    """A local cloud and the folder whose it is."""

    folder: Path
    endpoint: Endpoint


@pytest.fixture(scope="module")
def cloud(clouds: Clouds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """With the example workload, and with the bucket that only production names."""
    folder = tmp_path_factory.mktemp("program")
    with clouds.seeded(folder) as running:
        running.endpoint.client("s3").create_bucket(Bucket="shop-assets-210987654321")
        yield Cloud(folder, running.endpoint)
