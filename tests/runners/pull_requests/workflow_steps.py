"""The steps of a workflow as a runner has them: each `run:` is a script of its own, with the variables it declares."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from tests.runners.conftest import AS_OF, ROOT

WORKFLOWS: Final = ROOT / ".github/workflows"
_EXPRESSION: Final = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")


def workflow(name: str) -> dict[Any, Any]:
    """A workflow's file."""
    held: dict[Any, Any] = yaml.safe_load((WORKFLOWS / f"{name}.yml").read_text(encoding="utf-8"))
    return held


def filled(text: object, context: Mapping[str, Any]) -> str:
    """A text with each expression looked up; one that is more than a path, or leads nowhere, is an error."""

    def value(match: re.Match[str]) -> str:
        held: Any = context
        for part in match[1].split("."):
            held = held[part]
        return str(held)

    return _EXPRESSION.sub(value, str(text))


@dataclass
class Steps:
    """The scripts of one job, run in a workspace."""

    job: Mapping[str, Any]
    workspace: Path
    context: Mapping[str, Any]
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, name: str) -> subprocess.CompletedProcess[str]:
        """Runs the step of a name with `bash -e`, which is a runner's own default."""
        [step] = [step for step in self.job["steps"] if step.get("name") == name]
        declared = {**self.job.get("env", {}), **step.get("env", {})}
        return subprocess.run(
            ["/bin/bash", "-e", "-c", step["run"]],
            cwd=self.workspace,
            env={
                "PATH": "/usr/bin:/bin",
                "HOME": str(self.workspace),
                "IAL_AS_OF": AS_OF,
                **self.environment,
                **{key: filled(value, self.context) for key, value in declared.items()},
            },
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )


def outputs(path: Path) -> dict[str, Any]:
    """What a step wrote to GITHUB_OUTPUT, each value as JSON."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {key: json.loads(value) for key, _, value in (line.partition("=") for line in lines)}
