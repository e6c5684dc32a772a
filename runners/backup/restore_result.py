"""What a real restore is going to do, and what it did."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from contract.parts import plain
from runners.backup.evidence import Check
from runners.backup.restore_document import (
    RestoredKind,
    RestoreDocument,
    RestoreExit,
    RestorePlanDocument,
    RestoreVerdict,
)
from runners.exit_codes import ExitCode
from runners.runs.outcome import RunRecord, exit_code


@dataclass(frozen=True, kw_only=True)
class RestorePlan:
    """The steps in words for people; `afterwards` is what only they can do, `notes` what they should know before.

    A cost of None is unknown, and a note says why: a rescue does not wait for a price.
    """

    stack: str
    kind: str
    source: str
    target: str
    at: str
    cost_usd: Decimal | None
    steps: tuple[str, ...]
    afterwards: tuple[str, ...]
    duration: str
    notes: tuple[str, ...] = ()

    @property
    def in_place(self) -> bool:
        """Whether the source itself is written; else what comes back is beside it."""
        return self.target == self.source

    def document(self) -> dict[str, Any]:
        """For the journal."""
        return plain(self.published())

    def published(self) -> RestorePlanDocument:
        """For machines."""
        return RestorePlanDocument(
            stack=self.stack,
            kind=cast("RestoredKind", self.kind),
            source=self.source,
            target=self.target,
            at=self.at,
            cost_usd=None if self.cost_usd is None else str(self.cost_usd),
            steps=self.steps,
            afterwards=self.afterwards,
            duration=self.duration,
            notes=self.notes,
        )

    @classmethod
    def read(cls, held: dict[str, Any]) -> RestorePlan:
        """The plan that a journal holds."""
        return cls(
            stack=held["stack"],
            kind=held["kind"],
            source=held["source"],
            target=held["target"],
            at=held["at"],
            cost_usd=None if held["costUsd"] is None else Decimal(held["costUsd"]),
            steps=tuple(held["steps"]),
            afterwards=tuple(held["afterwards"]),
            duration=held["duration"],
            notes=tuple(held.get("notes", ())),
        )


@dataclass(frozen=True, kw_only=True)
class Restored(RunRecord):
    """What came of it; `checks` is empty as long as nothing was done. `notes` tell what no check decides."""

    run: str | None
    plan: RestorePlan
    checks: tuple[Check, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> RestoreVerdict:
        """planned, restored, or incomplete."""
        if self.run is None:
            return "planned"
        return "restored" if self.checks and all(check.ok is True for check in self.checks) else "incomplete"

    @property
    def exit_code(self) -> ExitCode:
        """0 restored, 1 something is not as it was, 3 only planned, 7 somebody has to look what is there."""
        return exit_code(self.verdict, confirmed=self.cleaned)

    def document(self) -> dict[str, Any]:
        """For machines."""
        return plain(
            RestoreDocument(
                run=self.run,
                verdict=self.verdict,
                plan=self.plan.published(),
                checks=self.checks,
                notes=self.notes,
                left=self.left,
                exit_code=cast("RestoreExit", int(self.exit_code)),
            )
        )

    @classmethod
    def read(cls, held: dict[str, Any]) -> Restored:
        """What a journal holds of a restore that was carried out."""
        checks = tuple(Check(**check) for check in held["checks"])
        return cls(run=held["run"], plan=RestorePlan.read(held["plan"]), checks=checks, notes=tuple(held["notes"]))
