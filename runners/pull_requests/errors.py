"""What keeps a verdict from being told, or from being believed.

ForgeError          GitHub refused a call, or did not answer it; ends the command
ReceivedError       what a run left behind is not a report of what it judged; the comment says so
"""

from __future__ import annotations

from runners.errors import RunnerError


class ForgeError(RunnerError):
    """GitHub refused a call, or did not answer it; `status` is that of its answer, 0 without one."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class ReceivedError(Exception):
    """An artifact or a report cannot be believed; the message says why, and may hold a stranger's words."""
