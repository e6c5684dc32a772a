"""What pull requests are judged as: `.github/judged.json` of the branch whose gate judges."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final, cast

from contract.reading.errors import ReadingError
from contract.reading.files import read_json_file
from contract.reading.numbers import plain_number
from runners.errors import InputError
from runners.pull_requests.schemas import first_fault

_ACCEPTED: Final = "a list of {name, project, stack}, see schemas/judged-stacks.schema.json"
# `.github/workflows/gate.yml` checks the pull request out into this folder.
HEAD: Final = "head"


@dataclass(frozen=True, kw_only=True)
class JudgedStack:
    """One stack of one project, and what its job, artifact and comment are called."""

    name: str
    project: str
    stack: str

    @property
    def job(self) -> str:
        """The name of the job that judges it."""
        return f"judge ({self.name})"

    @property
    def artifact(self) -> str:
        """The name of the artifact with its report."""
        return f"gate-{self.name}"

    @property
    def program(self) -> str:
        """The program as its report names it."""
        return str(PurePosixPath(HEAD, self.project))


def read_judged_stacks(path: Path) -> list[JudgedStack]:
    """What the file lists.

    Raises:
        InputError: it cannot be read, or does not say clearly what is judged.
    """
    try:
        document = read_json_file(path, _ACCEPTED, number=plain_number).data
    except ReadingError as error:
        raise InputError(str(error)) from None
    if fault := first_fault(document, "judged-stacks"):
        msg = f"{path}: {fault}; accepted: {_ACCEPTED}"
        raise InputError(msg)
    found = [JudgedStack(**entry) for entry in cast("list[dict[str, Any]]", document)]
    _refuse_twice(path, "name", [entry.name for entry in found])
    _refuse_twice(path, "project and stack", [f"{entry.project}, {entry.stack}" for entry in found])
    return found


def _refuse_twice(path: Path, what: str, keys: list[str]) -> None:
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        msg = f"{path}: {what} {twice!r} is listed twice; each needs a comment of its own"
        raise InputError(msg)
