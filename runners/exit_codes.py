"""The exit codes of the `ial` command; docs/cli.md has the same table."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the shell is told. The gate uses 0 to 2, runs of drills and experiments the rest as well."""

    OK = 0
    REFUSED = 1
    COULD_NOT_JUDGE = 2
    NOT_STARTED = 3
    ABORTED = 4
    NOT_PROVEN = 5
    AWS_FAILED = 6
    LEFT_BEHIND = 7
    INTERRUPTED = 130
    NOT_READ = 141
