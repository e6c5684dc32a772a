"""Why an experiment must not start."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Obstacle:
    """A reason not to start; a warning is told, and does not refuse."""

    code: str
    message: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
