"""A `pulumi` command that answers from files: commands reach AWS as with the real engine, and nothing is deployed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_SCRIPT: Final = """#!/bin/sh
echo "$*" >> {home}/asked
case "$*" in
  version*) echo v3.200.0 ;;
  "--non-interactive config"*) cat {home}/config.json ;;
  "--non-interactive stack output"*) cat {home}/outputs.json ;;
  "--non-interactive stack export"*) cat {home}/state.json ;;
  "--non-interactive stack history"*) cat {home}/history.json ;;
  *) ;;
esac
"""
_HISTORY: Final = [
    {
        "kind": "destroy",
        "startTime": "2026-11-25T00:00:00.000Z",
        "endTime": "2026-11-25T00:00:01.000Z",
        "message": "",
        "environment": {},
        "config": {},
        "result": "succeeded",
        "resourceChanges": {"delete": 3},
    }
]


@dataclass(frozen=True)
class FakePulumi:
    """Its folder, which goes first on PATH."""

    home: Path

    @classmethod
    def at(
        cls, home: Path, *, config: Mapping[str, Any], outputs: Mapping[str, Any], state: Mapping[str, Any]
    ) -> FakePulumi:
        """Writes the command, and what it answers."""
        (home / "bin").mkdir(parents=True)
        command = home / "bin" / "pulumi"
        command.write_text(_SCRIPT.format(home=home))
        command.chmod(0o755)
        (home / "history.json").write_text(json.dumps(_HISTORY))
        (home / "outputs.json").write_text(json.dumps(outputs))
        (home / "state.json").write_text(json.dumps(state))
        found = cls(home)
        found.configure(config)
        return found

    def configure(self, config: Mapping[str, Any]) -> None:
        """Other settings of the stack."""
        texts = {key: held if isinstance(held, str) else json.dumps(held) for key, held in config.items()}
        settings = {key: {"value": text, "secret": False} for key, text in texts.items()}
        (self.home / "config.json").write_text(json.dumps(settings))

    def asked(self) -> list[str]:
        """The command lines since the last look."""
        file = self.home / "asked"
        text = file.read_text() if file.exists() else ""
        lines = [line.removeprefix("--non-interactive ") for line in text.splitlines()]
        file.unlink(missing_ok=True)
        return lines
