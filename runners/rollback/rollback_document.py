"""The document of one rollback. `make schemas` makes schemas/rollback-record.schema.json from it."""

from __future__ import annotations

from typing import Literal

from msgspec import field

from contract.parts import RecordPart
from contract.rollback import VersionKind
from contract.version_read import VersionRead
from runners.rollback.decision import Action

RollbackVerdict = Literal["rolled-back", "kept", "rollback-failed", "refused", "error", "interrupted", "unfinished"]


class RollbackCause(RecordPart, frozen=True, kw_only=True):
    """The run that failed.

    Attributes:
        run: Its name.
        experiment: Name of the experiment.
        verdict: How it ended.
    """

    run: str
    experiment: str
    verdict: str


class AnswerDocument(RecordPart, frozen=True, kw_only=True):
    """What follows, and why.

    Attributes:
        action: What is done.
        code: The reason, for machines.
        sentence: The reason, for people.
    """

    action: Action
    code: str
    sentence: str


class PartBack(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """A part of the workload that is taken back.

    Attributes:
        kind: What it is.
        name: Its name.
        away_from: The version that ran; null is not known.
        to: The version that passed; null is not known.
        good: The version that passed, as it was read.
        bad: The version that ran, as it was read.
        lost: What does not come back.
        how: What was asked of AWS; null when nothing was.
        arrived: Whether the older version runs.
        held_until: How long deployments of the bad version are refused; null when it is not held.
    """

    kind: VersionKind
    name: str
    away_from: str | None = field(name="from")
    to: str | None
    good: VersionRead | None
    bad: VersionRead
    lost: tuple[str, ...]
    how: str | None
    arrived: bool
    held_until: str | None


class RunOnceMore(RecordPart, frozen=True, kw_only=True):
    """A run of the experiment.

    Attributes:
        run: Its name.
        verdict: How it ended.
    """

    run: str
    verdict: str


class ValidationDocument(RecordPart, frozen=True, kw_only=True):
    """The experiment on the older version.

    Attributes:
        run: Name of the run; null when it was not run.
        verdict: How it ended; null when it was not run.
        why: Why it was not run.
    """

    run: str | None
    verdict: str | None
    why: str | None


class RollbackCleanUp(RecordPart, frozen=True, kw_only=True):
    """Whether what must not stay is gone, and what is changed is confirmed.

    Attributes:
        confirmed: Whether that was seen.
        left: What somebody has to look at.
    """

    confirmed: bool
    left: tuple[str, ...]


class RollbackDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """The answer of `ial rollback run --json`, and what the stack's table keeps. Times in UTC; null is not known.

    Attributes:
        version: Version of this document.
        type: What kind of run it is of.
        run: Name of the run.
        stack: Stack.
        operator: Who ran it.
        suite: The suite that asked for it; null without one.
        cause: The run that failed.
        answer: What follows, and why; null before that was decided.
        verdict: How it ended; kept says that nothing was to be rolled back.
        reasons: Why.
        parts: What was to be taken back.
        re_run: The experiment, once more before; null when that was not needed.
        steady: Whether the workload is steady on the older version.
        validation: The experiment on the older version; null when it did not come to that.
        paged: Whether a person was called.
        halted: Whether all experiments were halted, as the rollback failed.
        started: When it began.
        ended: When it ended; null when it was cut off.
        clean_up: Whether anything is left to somebody.
        exit_code: What the shell was told.
    """

    version: Literal[1] = 1
    type: Literal["rollback"] = "rollback"
    run: str
    stack: str
    operator: str
    suite: str | None
    cause: RollbackCause
    answer: AnswerDocument | None
    verdict: RollbackVerdict
    reasons: tuple[str, ...]
    parts: tuple[PartBack, ...]
    re_run: RunOnceMore | None
    steady: bool | None
    validation: ValidationDocument | None
    paged: bool
    halted: bool
    started: str
    ended: str | None
    clean_up: RollbackCleanUp
    exit_code: int
