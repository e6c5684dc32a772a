"""One commit status for a pull request's base: what a ruleset can require, and no copy of the workflow can set.

The call: https://docs.github.com/en/rest/commits/statuses#create-a-commit-status
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from preview.gate import Status
from runners.pull_requests.gate_run import GateRun
from runners.pull_requests.github import GitHub
from runners.pull_requests.occasion import Occasion
from runners.pull_requests.told_verdict import ToldVerdict

State: TypeAlias = Literal["success", "failure", "error"]
_LONGEST_DESCRIPTION: Final = 140


def context_of(occasion: Occasion) -> str:
    """The name of the status. Statuses belong to a commit, which may go into two branches with two judges."""
    return f"gate verdict ({occasion.pull.base_branch})"


def state_of(told: Sequence[ToldVerdict]) -> State:
    """`success` only where every stack is within budget; `error` where one has no verdict; else `failure`."""
    verdicts = {entry.verdict for entry in told}
    if verdicts == {Status.WITHIN.value}:
        return "success"
    return "failure" if verdicts <= {Status.WITHIN.value, Status.REFUSED.value} and verdicts else "error"


def set_status(occasion: Occasion, told: Sequence[ToldVerdict], run: GateRun, forge: GitHub) -> State:
    """Writes the status.

    Raises:
        ForgeError: GitHub refused it, or did not answer.
    """
    state = state_of(told)
    description = ", ".join(f"{entry.judged.name} {entry.verdict}" for entry in told)
    if len(description) > _LONGEST_DESCRIPTION:
        description = f"{description[: _LONGEST_DESCRIPTION - 1]}…"
    body = {"state": state, "context": context_of(occasion), "description": description}
    forge.write("POST", f"/statuses/{run.head_sha}", body | ({"target_url": run.url} if run.url else {}))
    return state
