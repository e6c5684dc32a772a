"""What a drill found, and the verdict that follows from it: pure, and computed from the journal alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any

from contract.parts import RecordPart, plain
from runners.backup.lines import CHECK, FINDING
from runners.runs.journal import Entry
from runners.runs.steps import FAULT, REFUSED


class Kind(StrEnum):
    """What is drilled."""

    TABLE = "table"
    BUCKET = "bucket"
    DATABASE = "database"
    CONFIGURATION = "configuration"


class Verdict(StrEnum):
    """How a drill ended. Only PASSED says that the data can be brought back in time."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    REFUSED = "refused"
    ERROR = "error"
    INTERRUPTED = "interrupted"


class Check(RecordPart, frozen=True, kw_only=True):
    """One thing that was looked at.

    Attributes:
        name: Its name.
        ok: null when it could not be judged.
        expected: What should be.
        observed: What was.
        detail: The culprits, if any.
    """

    name: str
    ok: bool | None
    expected: str
    observed: str
    detail: str = ""

    def document(self) -> dict[str, Any]:
        """As it stands in the journal and in the record."""
        return plain(self)


class Finding(RecordPart, frozen=True, kw_only=True):
    """Something a restore loses or that is not as it should be, and what to do about it; it decides no verdict.

    Attributes:
        what: What.
        advice: What to do.
    """

    what: str
    advice: str

    def document(self) -> dict[str, Any]:
        """As it stands in the journal and in the record."""
        return plain(self)


def verdict_of(entries: Sequence[Entry], required: Collection[str]) -> tuple[Verdict, list[str]]:
    """The verdict and its reasons. PASSED needs every required check, and each of them to be true.

    A later line of a check replaces an earlier one: a resumed drill looks again.
    """
    last = {entry.step: entry.data for entry in entries}
    if REFUSED in last:
        return Verdict.REFUSED, [str(reason) for reason in last[REFUSED]["reasons"]]
    checks = checks_of(entries)
    wrong = [_told(check) for check in checks.values() if check.ok is False]
    if wrong:
        return Verdict.FAILED, wrong
    if FAULT in last:
        kind = Verdict.INTERRUPTED if last[FAULT]["interrupted"] else Verdict.ERROR
        return kind, [str(last[FAULT]["message"])]
    unknown = [f"{name}: was not looked at" for name in sorted(required) if name not in checks]
    unknown += [_told(check) for check in checks.values() if check.ok is None]
    return (Verdict.INCONCLUSIVE, unknown) if unknown else (Verdict.PASSED, [])


def checks_of(entries: Sequence[Entry]) -> dict[str, Check]:
    """The newest line of each check."""
    return {entry.data["name"]: Check(**entry.data) for entry in entries if entry.step == CHECK}


def findings_of(entries: Sequence[Entry]) -> list[Finding]:
    """What was found, each once."""
    return list(dict.fromkeys(Finding(**entry.data) for entry in entries if entry.step == FINDING))


def _told(check: Check) -> str:
    tail = f": {check.detail}" if check.detail else ""
    return f"{check.name}: expected {check.expected}, found {check.observed}{tail}"
