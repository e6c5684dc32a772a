from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TypeAlias

import pytest

from runners.pull_requests.commenting import CommentsDocument, tell_run
from runners.pull_requests.gate_run import read_run
from runners.pull_requests.github import GitHub
from tests.runners.pull_requests.scene import Scene
from tests.runners.pull_requests.stand_in_forge import REPOSITORY, TOKEN, Forge, served
from tests.runners.pull_requests.workflow_steps import Steps, workflow


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A repository whose token may what the job of the comments is given, and nothing else."""
    [job] = workflow("gate-comment")["jobs"].values()
    with served(Forge({f"{name}: {right}" for name, right in job["permissions"].items()})) as forge:
        yield Scene(forge, tmp_path)


Tell: TypeAlias = Callable[[Path], CommentsDocument]


@pytest.fixture
def tell(scene: Scene) -> Tell:
    """What the step does, without a process of its own."""

    def run(event: Path) -> CommentsDocument:
        forge = GitHub(api=scene.forge.url, repository=REPOSITORY, token=TOKEN, sleep=lambda seconds: None)
        return tell_run(read_run(event), scene.judged, forge, lambda text: None)

    return run


@pytest.fixture
def steps(scene: Scene) -> Steps:
    """The steps of `gate-comment.yml` in a checkout, against the forge."""
    workspace = scene.folder / "workspace"
    (workspace / ".github").mkdir(parents=True)
    (workspace / ".venv").symlink_to(sys.prefix)
    judged = json.dumps([asdict(entry) for entry in scene.judged])
    (workspace / ".github/judged.json").write_text(judged, encoding="utf-8")
    [job] = workflow("gate-comment")["jobs"].values()
    environment = {
        "GITHUB_API_URL": scene.forge.url,
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_EVENT_PATH": str(scene.folder / "event.json"),
    }
    return Steps(job, workspace, {"github": {"token": TOKEN}}, environment)
