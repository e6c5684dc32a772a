"""What a rollback would do, without doing anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runners.errors import RunnerError
from runners.exit_codes import ExitCode
from runners.rollback.comparison import Part
from runners.rollback.consideration import Considered, Considering
from runners.rollback.decision import Action, Answer


@dataclass(frozen=True, kw_only=True)
class RollbackPlan:
    """The answer as things stand, and each part with what would become of it."""

    stack: str
    cause: Mapping[str, Any]
    answer: Answer
    parts: tuple[Mapping[str, Any], ...]
    unread: str | None

    @property
    def exit_code(self) -> ExitCode:
        """3 when nothing would be rolled back, whatever a second run of the experiment said."""
        going = self.answer.action in (Action.ROLL_BACK, Action.RERUN)
        return ExitCode.OK if going else ExitCode.NOT_STARTED

    def document(self) -> dict[str, Any]:
        """For machines."""
        return {
            "version": 1,
            "stack": self.stack,
            "cause": dict(self.cause),
            "answer": self.answer.document(),
            "parts": [dict(part) for part in self.parts],
            "unread": self.unread,
            "exitCode": int(self.exit_code),
        }


def planned(stack: str, failed: Mapping[str, Any], considering: Considering) -> RollbackPlan:
    """Looks at everything once.

    Raises:
        AwsError: the stack's records could not be read.
    """
    found = considering.consider(failed)
    return RollbackPlan(
        stack=stack,
        cause={key: failed[key] for key in ("run", "experiment", "verdict")},
        answer=found.answer,
        parts=tuple(_document(part, found) for part in found.parts),
        unread=found.unread,
    )


def _document(part: Part, found: Considered) -> dict[str, Any]:
    changed = part in found.changed
    return {
        **part.document(),
        "lost": _listed(part, "lost") if changed else [],
        "obstacles": _listed(part, "obstacles") if changed else [],
    }


def _listed(part: Part, what: str) -> list[str]:
    try:
        found: list[str] = getattr(part.kind, what)(part.change())
    except (RunnerError, LookupError, ValueError) as error:
        return [f"could not be read: {error}"]
    return found
