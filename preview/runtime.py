"""The language of a project, and the Python that its program runs with."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from preview.errors import ProjectError

PYTHON: Final = "python"
_TOOLCHAINS: Final = ("pip", "uv", "poetry")
_POETRY_SECONDS: Final = 30


# The other way to a price where the local engine has none.
PRICE_A_PREVIEW: Final = (
    "price a preview: `pulumi preview --json --show-sames > preview.json`, `ial cost estimate preview.json`"
)


@dataclass(frozen=True)
class Runtime:
    """`runtime` of a `Pulumi.yaml`: the language's name, and its options."""

    name: str
    options: Mapping[str, object]

    @classmethod
    def of(cls, data: Mapping[str, object], file: Path) -> Runtime:
        """Reads it.

        Raises:
            ProjectError: it is not a runtime, or has a toolchain that Pulumi doesn't know.
        """
        said = data.get("runtime")
        name, options = (said.get("name"), said.get("options") or {}) if isinstance(said, dict) else (said, {})
        if not isinstance(name, str) or not isinstance(options, dict):
            msg = f"{file}: runtime: {said!r} is not a runtime; accepted: a name such as python, or name and options"
            raise ProjectError(msg)
        toolchain = options.get("toolchain", "pip")
        if name == PYTHON and toolchain not in _TOOLCHAINS:
            msg = f"{file}: runtime.options.toolchain: {toolchain!r}; accepted: {', '.join(_TOOLCHAINS)}"
            raise ProjectError(msg)
        return cls(name, options)

    def require_python(self, file: Path) -> None:
        """Refuses what the local engine cannot run, and says how such a program is priced.

        Raises:
            ProjectError: the program is not a Python program.
        """
        if self.name != PYTHON:
            msg = (
                f"{file}: runtime: {self.name}: the local engine runs Python programs only; use `--engine pulumi`, or "
                f"{PRICE_A_PREVIEW}"
            )
            raise ProjectError(msg)

    def interpreter(self, directory: Path) -> Path:
        """The Python of the project's virtual environment if it exists, else the one that runs this process."""
        for folder in self._environments(directory):
            python = folder / "bin" / "python"
            if python.is_file():
                return python
        return Path(sys.executable)

    def _environments(self, directory: Path) -> list[Path]:
        toolchain, named = self.options.get("toolchain", "pip"), self.options.get("virtualenv")
        if isinstance(named, str):
            return [directory / named]
        if toolchain == "uv":
            # uv keeps one environment for a workspace, beside the lock file.
            return [
                folder / ".venv" for folder in (directory, *directory.parents) if (folder / "uv.lock").is_file()
            ] or [directory / ".venv"]
        return _poetry(directory) if toolchain == "poetry" else []


def _poetry(directory: Path) -> list[Path]:
    inside = directory / ".venv"
    if inside.is_dir() or shutil.which("poetry") is None:
        return [inside]
    try:
        asked = subprocess.run(
            ["poetry", "env", "info", "--path"],
            cwd=directory,
            capture_output=True,
            text=True,
            timeout=_POETRY_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [Path(asked.stdout.strip())] if asked.returncode == 0 and asked.stdout.strip() else []
