"""The run of the gate that a `workflow_run` event speaks of: what the forge itself says, nothing that the run wrote.

The event: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflow_run
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from contract.reading.errors import ReadingError
from contract.reading.files import read_json_file
from contract.reading.numbers import plain_number
from runners.errors import InputError

WORKFLOW: Final = ".github/workflows/gate.yml"
# `run-name` of that workflow. The forge fills it in before any code of the pull request runs.
_TITLE: Final = re.compile(r"gate of #([1-9][0-9]{0,9}) on ([0-9a-f]{40}|[0-9a-f]{64})")
_URL: Final = re.compile(r"https?://[A-Za-z0-9._:/-]+")


@dataclass(frozen=True, kw_only=True)
class GateRun:
    """One attempt of one run. `number` and `base` are None where its workflow is not the one that this code knows.

    `head_repository` is None once somebody has deleted it: then no pull request can be found by it.
    """

    identity: int
    attempt: int
    event: str
    path: str
    conclusion: str
    created_at: str
    head_sha: str
    head_branch: str
    head_repository: str | None
    repository: str
    default_branch: str
    url: str | None
    number: int | None
    base: str | None

    @property
    def key(self) -> tuple[int, int]:
        """Orders runs: what is told of a later one stays."""
        return self.identity, self.attempt


def read_run(path: Path) -> GateRun:
    """The run of an event file.

    Raises:
        InputError: it is not an event of a completed workflow run.
    """
    try:
        data = read_json_file(path, "a workflow_run event", number=plain_number).data
    except ReadingError as error:
        raise InputError(str(error)) from None
    event = data if isinstance(data, Mapping) else {}
    run, repository = event.get("workflow_run"), event.get("repository")
    if not isinstance(run, Mapping) or not isinstance(repository, Mapping) or event.get("action") != "completed":
        msg = f"{path}: not the event of a completed workflow run; run it in a workflow `on: workflow_run`"
        raise InputError(msg)
    head = run.get("head_repository")
    title = _TITLE.fullmatch(_text(run, "display_title", path))
    url = run.get("html_url")
    return GateRun(
        identity=_number(run, "id", path),
        attempt=_number(run, "run_attempt", path),
        event=_text(run, "event", path),
        # `FILE@REF` where the forge says of which ref.
        path=_text(run, "path", path).split("@")[0],
        conclusion=_text(run, "conclusion", path),
        created_at=_text(run, "created_at", path),
        head_sha=_text(run, "head_sha", path),
        head_branch=_text(run, "head_branch", path),
        head_repository=_text(head, "full_name", path) if isinstance(head, Mapping) else None,
        repository=_text(repository, "full_name", path),
        default_branch=_text(repository, "default_branch", path),
        url=url if isinstance(url, str) and _URL.fullmatch(url) else None,
        number=int(title[1]) if title else None,
        base=title[2] if title else None,
    )


def _text(record: Mapping[str, object], key: str, path: Path) -> str:
    value = record.get(key)
    if not isinstance(value, str) or not value:
        msg = f"{path}: {key} is {value!r}; expected a text, as in GitHub's workflow_run event"
        raise InputError(msg)
    return value


def _number(record: Mapping[str, object], key: str, path: Path) -> int:
    value = record.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        msg = f"{path}: {key} is {value!r}; expected a whole number, as in GitHub's workflow_run event"
        raise InputError(msg)
    return value
