"""What the forge itself says of a run and its pull request: whether to believe it, and what to say beside it."""

from __future__ import annotations

from dataclasses import dataclass

from runners.pull_requests.gate_changes import changes_workflow, gate_files_in
from runners.pull_requests.gate_run import WORKFLOW, GateRun
from runners.pull_requests.github import GitHub
from runners.pull_requests.pull_request import (
    PullRequest,
    base_changed_since,
    files_between,
    files_of,
    pull_request,
    pull_requests_of,
)


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """The pull request that a run judged. `doubts` are why its run proves nothing, `gate_files` what it changes."""

    pull: PullRequest
    doubts: tuple[str, ...] = ()
    gate_files: dict[str, list[str]]
    base_gate_files: dict[str, list[str]]


@dataclass(frozen=True)
class _Changes:
    head: list[str] | None
    base: list[str] | None

    @property
    def names(self) -> list[str]:
        return [*(self.head or ()), *(self.base or ())]


def occasions(run: GateRun, forge: GitHub) -> list[Occasion]:
    """The open pull requests whose state the run speaks of; none when all have moved on.

    A run of the gate's own workflow names its pull request before any code of the head runs, so with several of one
    head (into two branches, say) each gets its own run's word. Nobody can be told apart where one of them changes that
    workflow: then none of them is believed.

    Raises:
        ForgeError: GitHub did not say.
    """
    if run.event != "pull_request":
        return []
    same_head = pull_requests_of(run, forge)
    changes = {pull.number: _changes(pull, run, forge) for pull in same_head}
    replaced = any(changes_workflow(each.names) for each in changes.values())
    if run.path != WORKFLOW and not replaced:
        # Another workflow that bears the gate's name: the gate's own run speaks for itself.
        return []
    doubts = _doubts(run, list(changes.values()), replaced=replaced)
    meant = [pull for pull in same_head if pull.is_open and (doubts or pull.number == run.number)]
    return [
        Occasion(
            pull=pull,
            doubts=doubts,
            gate_files=gate_files_in(changes[pull.number].head or ()),
            base_gate_files=gate_files_in(changes[pull.number].base or ()),
        )
        for pull in meant
        if _is_still_so(pull, run, forge)
    ]


def _changes(pull: PullRequest, run: GateRun, forge: GitHub) -> _Changes:
    stacked = pull.base_branch != run.default_branch
    base = files_between(run.default_branch, pull.base_sha, forge) if stacked else []
    return _Changes(files_of(pull, forge), base)


def _doubts(run: GateRun, changes: list[_Changes], *, replaced: bool) -> tuple[str, ...]:
    found: list[str] = []
    if replaced:
        found.append(
            f"the pull request, or a branch that it stands on, changes {WORKFLOW}, so its run was not the gate's. "
            "Its owners must review it; it counts once it is on the default branch"
        )
    elif run.number is None:
        found.append(f"its base has another {WORKFLOW} than the default branch: bring the base up to date")
    if any(each.head is None or each.base is None for each in changes):
        found.append("it changes more files than GitHub lists, so nobody knows whether the gate is among them")
    return tuple(found)


def _is_still_so(pull: PullRequest, run: GateRun, forge: GitHub) -> bool:
    """Looks last: what was read of a head or a base that has changed meanwhile is of another state."""
    now = pull_request(pull.number, forge)
    return (
        now.is_open
        and now.head_sha == run.head_sha
        and now.base_branch == pull.base_branch
        and not base_changed_since(pull, run.created_at, forge)
    )
