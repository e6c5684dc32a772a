"""The exit codes of the `ial` command; docs/cli.md has the same table."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the shell is told."""

    OK = 0
    REFUSED = 1
    COULD_NOT_JUDGE = 2
    INTERRUPTED = 130
    NOT_READ = 141
