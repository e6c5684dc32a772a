"""The document of `ial suite plan`. `make schemas` makes its schema from it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from contract.parts import Amount, Count, RecordPart
from contract.suites import LeftOut, OnFailure, PlannedStep, StepKind


class PlannedRun(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """One run of the suite, or a wait.

    Attributes:
        id: STEP/NAME, or the step's name where that is all there is.
        kind: What is run.
        name: The experiment or resource; empty for the other kinds.
        minutes: How long a control run or a wait lasts; null for the other kinds.
        needs: Steps that must have passed.
        on_failure: What is done when it does not pass.
        usd: What it costs at most, in USD at list price; null where it costs nothing, is skipped, or nobody can tell,
            which is an obstacle.
    """

    id: str
    kind: StepKind
    name: str
    minutes: Count | None
    needs: tuple[str, ...]
    on_failure: OnFailure
    usd: Amount | None


class SkippedRun(RecordPart, frozen=True, kw_only=True):
    """A run that is skipped here.

    Attributes:
        id: Which.
        reason: Why.
    """

    id: str
    reason: str


class SuiteCost(RecordPart, frozen=True, kw_only=True):
    """What it costs, in USD at list price.

    Attributes:
        usd: At most; null where nobody can tell.
        limit: What it may cost.
    """

    usd: Amount | None
    limit: Amount


class SuitePlanDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """The answer of `ial suite plan --json`, and of `ial suite run --json` without --confirm.

    Attributes:
        version: Version of this document.
        stack: Stack.
        suite: Name of the suite.
        description: What it is for.
        steps: The runs, in their order.
        left_out: Steps that choose nothing on this stack.
        skipped: Steps of which nothing can be said here; a suite with one proves less.
        cool_down_minutes: How long is waited between two faults.
        max_degraded_seconds: How long it may degrade the workload; null: as long as its experiments may.
        cost: What all of it costs.
        obstacles: What stands against it.
        refused: Whether it would be refused now.
    """

    version: Literal[1] = 1
    stack: str
    suite: str
    description: str
    steps: tuple[PlannedRun, ...]
    left_out: tuple[LeftOut, ...]
    skipped: tuple[SkippedRun, ...]
    cool_down_minutes: Annotated[int, Meta(ge=0)]
    max_degraded_seconds: Count | None
    cost: SuiteCost
    obstacles: tuple[str, ...]
    refused: bool


def planned_run(step: PlannedStep, usd: Decimal | None) -> PlannedRun:
    """A step with its cost, None where there is none to tell."""
    return PlannedRun(
        id=step.id,
        kind=step.kind,
        name=step.name,
        minutes=step.minutes,
        needs=step.needs,
        on_failure=step.on_failure,
        usd=None if usd is None else str(usd),
    )
