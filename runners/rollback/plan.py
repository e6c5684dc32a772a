"""What a rollback would do, without doing anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from contract.parts import RecordPart, plain
from contract.rollback import VersionKind
from contract.version_read import VersionRead
from runners.errors import RunnerError
from runners.exit_codes import ExitCode
from runners.rollback.comparison import Part
from runners.rollback.consideration import Considered, Considering
from runners.rollback.decision import Action, Difference, Underway
from runners.rollback.rollback_document import AnswerDocument, RollbackCause


class PlannedPart(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """A part of the workload.

    Attributes:
        kind: What kind of version it has.
        name: Its name.
        now: The version that runs.
        good: The version that last passed the experiment; null where none is known to.
        difference: How these differ.
        underway: Whether it is being changed just now, and by whom.
        switched_on: Whether the stack lets it be rolled back.
        lost: What would not come back.
        obstacles: What stands against it.
    """

    kind: VersionKind
    name: str
    now: VersionRead
    good: VersionRead | None
    difference: Difference
    underway: Underway
    switched_on: bool
    lost: tuple[str, ...]
    obstacles: tuple[str, ...]


class RollbackPlan(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """The answer of `ial rollback plan --json`; nothing was changed.

    Attributes:
        version: Version of this document.
        stack: Stack.
        cause: The run that failed.
        answer: What follows, and why.
        parts: Each part with what would become of it.
        unread: Why the parts could not be read; null when they were.
        exit_code: 3 when nothing would be rolled back, whatever a second run of the experiment said.
    """

    version: Literal[1] = 1
    stack: str
    cause: RollbackCause
    answer: AnswerDocument
    parts: tuple[PlannedPart, ...]
    unread: str | None
    exit_code: int

    def document(self) -> dict[str, Any]:
        """For machines."""
        return plain(self)


def planned(stack: str, failed: Mapping[str, Any], considering: Considering) -> RollbackPlan:
    """Looks at everything once.

    Raises:
        AwsError: the stack's records could not be read.
    """
    found = considering.consider(failed)
    answer = found.answer
    going = answer.action in (Action.ROLL_BACK, Action.RERUN)
    return RollbackPlan(
        stack=stack,
        cause=RollbackCause(run=failed["run"], experiment=failed["experiment"], verdict=failed["verdict"]),
        answer=AnswerDocument(action=answer.action, code=answer.code, sentence=answer.sentence),
        parts=tuple(_planned(part, found) for part in found.parts),
        unread=found.unread,
        exit_code=int(ExitCode.OK if going else ExitCode.NOT_STARTED),
    )


def _planned(part: Part, found: Considered) -> PlannedPart:
    changed = part in found.changed
    return PlannedPart(
        kind=part.kind.part.kind,
        name=part.kind.name,
        now=VersionRead(**part.now.document()),
        good=None if part.good is None else VersionRead(**part.good.document()),
        difference=part.difference,
        underway=part.underway,
        switched_on=part.kind.part.rollback is not None,
        lost=_listed(part, "lost") if changed else (),
        obstacles=_listed(part, "obstacles") if changed else (),
    )


def _listed(part: Part, what: str) -> tuple[str, ...]:
    try:
        return tuple(getattr(part.kind, what)(part.change()))
    except (RunnerError, LookupError, ValueError) as error:
        return (f"could not be read: {error}",)
