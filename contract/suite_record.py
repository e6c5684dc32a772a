"""The record of a suite. `make schemas` makes its schema from it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from contract.control_record import Moment
from contract.parts import Amount, RecordPart
from contract.suites import LeftOut, StepKind

SuiteVerdict = Literal["passed", "failed", "aborted", "inconclusive", "refused", "error", "aborted-by-operator"]
StepStatus = Literal["done", "skipped", "cut-off"]
Seconds = Annotated[float, Meta(ge=0)]


class SuiteRollBack(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """What became of the way back to an older version.

    Attributes:
        run: Name of its run.
        verdict: Its verdict.
        exit_code: Its exit code.
        reasons: Why.
    """

    run: str
    verdict: str
    exit_code: int
    reasons: tuple[str, ...]


class SuiteStepRecord(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """One run of a suite.

    Attributes:
        id: STEP/NAME, or the step's name where that is all there is.
        kind: What was run.
        name: The experiment or resource; empty for the other kinds.
        status: cut-off is one that began and has not ended.
        run: Name of its own run, under which its record is; null for a wait, and where none began.
        verdict: Its verdict; null where none began, or none is known yet.
        exit_code: Its exit code; null as the verdict.
        reasons: Why it did not pass, or was skipped.
        began: When it began; null when it was skipped.
        ended: When it ended; null when it was skipped or cut off.
        degraded_seconds: How long it degraded the workload; null where none began.
        usd: What it cost at list price, at most; null where none began.
        roll_back: The way back that its failure asked for; null without one.
    """

    id: str
    kind: StepKind
    name: str
    status: StepStatus
    run: str | None
    verdict: str | None
    exit_code: int | None
    reasons: tuple[str, ...]
    began: Moment | None
    ended: Moment | None
    degraded_seconds: Seconds | None
    usd: Amount | None
    roll_back: SuiteRollBack | None


class SuiteTimes(RecordPart, frozen=True, kw_only=True):
    """When it was what.

    Attributes:
        planned: When the run was begun.
        began: When its first step began; null when none did.
        ended: When it ended; null when it was cut off.
    """

    planned: Moment
    began: Moment | None
    ended: Moment | None


class DegradedBudget(RecordPart, frozen=True, kw_only=True):
    """How long the workload was degraded, in seconds.

    Attributes:
        limit: How long it might be; null without a limit.
        spent: How long it was.
    """

    limit: int | None
    spent: Seconds


class MoneyBudget(RecordPart, frozen=True, kw_only=True):
    """What it cost, in USD at list price.

    Attributes:
        limit: What it might cost.
        spent: What it cost, at most.
    """

    limit: Amount
    spent: Amount


class SuiteDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """One run of a suite.

    Attributes:
        version: Version of this document.
        type: What kind of run it is of.
        run: Name of the run.
        stack: Stack.
        operator: Who ran it.
        suite: Name of the suite.
        verdict: passed when every step passed.
        reasons: Why not.
        exit_code: What the shell was told, the most severe of its steps' codes.
        times: When it was what.
        steps: Every run that was planned, in order.
        left_out: Steps that chose nothing on this stack.
        degraded: Budget of degraded time.
        cost: Budget of money.
        cleaned: Whether it was confirmed that nothing is left.
        left: What is left.
    """

    version: Literal[1] = 1
    type: Literal["suite"] = "suite"
    run: str
    stack: str
    operator: str
    suite: str
    verdict: SuiteVerdict
    reasons: tuple[str, ...]
    exit_code: int
    times: SuiteTimes
    steps: tuple[SuiteStepRecord, ...]
    left_out: tuple[LeftOut, ...]
    degraded: DegradedBudget
    cost: MoneyBudget
    cleaned: bool
    left: tuple[str, ...]
