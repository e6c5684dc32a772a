"""Where the runs of a stack keep their journals, and what runs are called."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from contract.run_name import RUN_NAME
from runners.errors import InputError

_ID: Final = re.compile(RUN_NAME)
_SUFFIX: Final = ".jsonl"
_TIME: Final = "%Y%m%d-%H%M%S"


def new_run_id(now: datetime, token: Callable[[int], str] = secrets.token_hex) -> str:
    """`20261125-083000-a1b2`: sorts by time, fits into the names of tables and databases.

    The last four digits are the 256th of the second, so that two runs of one second sort too, and a byte of chance.
    """
    return f"{name_at(now)}-{now.microsecond * 256 // 1_000_000:02x}{token(1)}"


def name_at(moment: datetime) -> str:
    """How the name of a run that begins then begins, in UTC: names are compared as moments are."""
    return f"{moment.astimezone(UTC):{_TIME}}"


def run_began(run: str) -> datetime:
    """When a run began, to the second: its name says it.

    Raises:
        ValueError: this is not the name of a run.
    """
    return datetime.strptime(run[:15], _TIME).replace(tzinfo=UTC)


def month_of(run: str) -> str:
    """Such as `2026-11`: a run belongs to the month in which it began, with which its name starts."""
    return f"{run[:4]}-{run[4:6]}"


def months(first: datetime, last: datetime) -> list[str]:
    """Every month from the first moment's to the last one's, in UTC as runs are named, such as 2026-11."""
    found, day, end = list[str](), first.astimezone(UTC).date().replace(day=1), last.astimezone(UTC).date()
    while day <= end:
        found.append(f"{day:%Y-%m}")
        day = (day + timedelta(days=32)).replace(day=1)
    return found


class Runs:
    """The folder `.ial/STACK/runs` of a program. `listed_by` is the command that shows people the runs they mean."""

    def __init__(self, program: Path, stack: str, listed_by: str = "ial backup drill --list") -> None:
        self.folder = program / ".ial" / stack / "runs"
        self._listed_by = listed_by

    def journal(self, run: str) -> Path:
        """The journal's file.

        Raises:
            InputError: this is not the name of a run.
        """
        if not _ID.fullmatch(run):
            msg = f"{run!r} is not a run; accepted: a name like 20261125-083000-a1b2, see `{self._listed_by}`"
            raise InputError(msg)
        return self.folder / f"{run}{_SUFFIX}"

    def require(self, run: str) -> None:
        """Makes sure that the run's journal is on this machine.

        Raises:
            InputError: this is not the name of a run, or its journal is not here.
        """
        if not self.journal(run).is_file():
            msg = f"run {run} has no journal in {self.folder}; `{self._listed_by}` lists the runs, and where they are"
            raise InputError(msg)

    def attachment(self, run: str, name: str) -> Path:
        """A file beside the journal, for what is too large for a line."""
        return self.journal(run).with_suffix(f".{name}")

    def all(self) -> list[str]:
        """Every run that has a journal, oldest first."""
        return sorted(file.stem for file in self.folder.glob(f"*{_SUFFIX}") if _ID.fullmatch(file.stem))
