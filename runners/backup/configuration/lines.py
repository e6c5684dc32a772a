"""The lines of drills of the configuration."""

from __future__ import annotations

from typing import Final

from runners.backup.lines import OF_EVERY_DRILL
from runners.runs.lines import Line, Lines


class FilesCopied(Line, frozen=True, kw_only=True):
    """How many files were copied aside."""

    step = "copy.done"
    files: int


class FilesReadBack(Line, frozen=True, kw_only=True):
    """What was read back of them, and what is missing or wrong."""

    step = "restore.done"
    files: int
    taken: str
    missing: list[str]
    wrong: list[str]


CONFIGURATION_DRILL: Final = Lines("a drill of the configuration", (FilesCopied, FilesReadBack, *OF_EVERY_DRILL))
