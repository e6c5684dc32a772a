"""Runs `ial backup drill orders` and kills itself with SIGKILL right after one line of the journal is on disk.

python -m tests.runners.backup.killed_drill LINE ARGUMENTS...
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from runners.cli import main
from runners.journal import Entry, Journal


def kill_after(line: int) -> None:
    """Arms the journal."""
    write = Journal.write

    def killing(journal: Journal, step: str, **data: Any) -> Entry:
        entry = write(journal, step, **data)
        if entry.number == line:
            os.kill(os.getpid(), signal.SIGKILL)
        return entry

    Journal.write = killing  # type: ignore[method-assign,assignment]


if __name__ == "__main__":
    kill_after(int(sys.argv[1]))
    sys.exit(main(sys.argv[2:]))
