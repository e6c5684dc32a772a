"""The pull requests of a run's own head: found by repository, branch and commit, never by what the run says.

The calls: https://docs.github.com/en/rest/pulls/pulls, https://docs.github.com/en/rest/issues/events
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from runners.pull_requests.errors import ForgeError
from runners.pull_requests.gate_run import GateRun
from runners.pull_requests.github import GitHub

# A comparison of two commits lists no more files than these, whatever they are:
# https://docs.github.com/en/rest/commits/commits#compare-two-commits
_MOST_COMPARED: Final = 300


@dataclass(frozen=True, kw_only=True)
class PullRequest:
    """One pull request as the forge has it now."""

    number: int
    is_open: bool
    head_sha: str
    base_branch: str
    base_sha: str
    changed_files: int


def pull_requests_of(run: GateRun, forge: GitHub) -> list[PullRequest]:
    """All pull requests whose head is the one that the run judged, closed ones too.

    Raises:
        ForgeError: GitHub did not say.
    """
    if run.head_repository is None:
        return []
    owner = run.head_repository.split("/")[0]
    listed = forge.pages("/pulls", state="all", head=f"{owner}:{run.head_branch}")
    numbers = [_whole(entry, "number") for entry in listed if _is_head(entry, run)]
    return [pull_request(number, forge) for number in numbers]


def pull_request(number: int, forge: GitHub) -> PullRequest:
    """One pull request.

    Raises:
        ForgeError: GitHub did not say.
    """
    entry = forge.get(f"/pulls/{number}")
    base, head = _part(entry, "base"), _part(entry, "head")
    return PullRequest(
        number=_whole(entry, "number"),
        is_open=entry.get("state") == "open",
        head_sha=_text(head, "sha"),
        base_branch=_text(base, "ref"),
        base_sha=_text(base, "sha"),
        changed_files=_whole(entry, "changed_files"),
    )


def files_of(pull: PullRequest, forge: GitHub) -> list[str] | None:
    """The names of all files that a pull request changes, old names too; None when GitHub does not list them all.

    Raises:
        ForgeError: GitHub did not say.
    """
    entries = list(forge.pages(f"/pulls/{pull.number}/files"))
    return _names(entries) if len(entries) == pull.changed_files else None


def files_between(base: str, head: str, forge: GitHub) -> list[str] | None:
    """The same for what one branch or commit has over another.

    Raises:
        ForgeError: GitHub did not say.
    """
    compared = forge.get(f"/compare/{base}...{head}")
    entries = compared.get("files") if isinstance(compared, Mapping) else None
    if not isinstance(entries, list):
        msg = f"GitHub's comparison of {base} and {head} lists no files; nothing was made of it"
        raise ForgeError(msg)
    return _names(entries) if len(entries) < _MOST_COMPARED else None


def base_changed_since(pull: PullRequest, moment: str, forge: GitHub) -> bool:
    """Whether the pull request was given another base branch after a moment, which is ISO 8601 in UTC as GitHub's are.

    Raises:
        ForgeError: GitHub did not say.
    """
    events = forge.pages(f"/issues/{pull.number}/events")
    return any(entry.get("event") == "base_ref_changed" and str(entry.get("created_at")) > moment for entry in events)


def _is_head(entry: Mapping[str, Any], run: GateRun) -> bool:
    head = _part(entry, "head")
    # The repository of a head is null once somebody has deleted it.
    repository = head.get("repo") or {}
    there = (repository.get("full_name"), head.get("ref"), head.get("sha"))
    return there == (run.head_repository, run.head_branch, run.head_sha)


def _names(entries: list[Any]) -> list[str]:
    found = [entry.get(key) for entry in entries for key in ("filename", "previous_filename")]
    return [name for name in found if isinstance(name, str)]


def _part(entry: Any, key: str) -> Mapping[str, Any]:
    value = entry.get(key) if isinstance(entry, Mapping) else None
    if not isinstance(value, Mapping):
        msg = f"GitHub's pull request has no {key}; nothing was made of it"
        raise ForgeError(msg)
    return value


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value:
        msg = f"GitHub's pull request has no {key}; nothing was made of it"
        raise ForgeError(msg)
    return value


def _whole(entry: Mapping[str, Any], key: str) -> int:
    value = entry.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        msg = f"GitHub's pull request has no {key}; nothing was made of it"
        raise ForgeError(msg)
    return value
