"""What a state machine records of a suite and of each run of FIS in it. Nobody judged: there is no verdict to count."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import UNSET, UnsetType

from contract.control_record import Moment
from contract.parts import Amount, RecordPart
from contract.suites import LeftOut

EXECUTION: Final = "execution"
UNJUDGED_RUN: Final = "unjudged-run"
# What only a runner can show of a suite. None of it is known of an execution, so nothing in one has passed.
NOT_SHOWN: Final = (
    "load",
    "evidence by probes",
    "detection and recovery times",
    "degraded seconds",
    "that the fault is undone",
)
# done: it came to its end. stopped: something kept the rest from being done. refused: nothing was begun.
Outcome = Literal["done", "stopped", "refused"]
ExecutionStatus = Literal["completed", "stopped", "failed", "cancelled", "unknown", "waited", "skipped"]


class ExecutionStep(RecordPart, frozen=True, kw_only=True):
    """One step of a suite that was come to.

    Attributes:
        id: STEP/NAME, or the step's name where that is all there is.
        status: How FIS ended it, or what was done instead.
        run: Name of its run, under which its record is; null for a wait, and for what was skipped.
        usd: What it cost at list price, at most; null where none began.
    """

    id: str
    status: ExecutionStatus
    run: str | None
    usd: Amount | UnsetType | None = UNSET


class ExecutionDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """One execution of a suite by a state machine.

    Attributes:
        version: Version of this document.
        type: What kind of run it is of.
        run: Name of the run.
        stack: Stack.
        operator: The state machine.
        execution: The execution's name.
        suite: Name of the suite.
        verdict: That there is none.
        outcome: Whether all was done.
        reasons: Why not.
        began: When the execution began.
        ended: When it ended.
        steps: What became of each step, in order.
        left_out: Steps that only a runner can do, or that chose nothing on this stack.
        not_shown: What only a runner can show of the steps that were done.
    """

    version: Literal[1] = 1
    type: Literal["execution"] = "execution"
    run: str
    stack: str
    operator: str
    execution: str
    suite: str
    verdict: Literal["not-judged"]
    outcome: Outcome
    reasons: tuple[str, ...]
    began: Moment
    ended: Moment
    steps: tuple[ExecutionStep, ...]
    left_out: tuple[LeftOut, ...]
    not_shown: tuple[str, ...] | UnsetType = UNSET


class UnjudgedRunDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """One run of FIS that nobody judged.

    Attributes:
        version: Version of this document.
        type: What kind of run it is of.
        run: Name of the run.
        stack: Stack.
        operator: The state machine.
        suite: Name of the suite.
        experiment: Name of the experiment.
        fis_experiment: FIS's id of it.
        status: How FIS ended it.
        verdict: That there is none.
        began: When it was begun.
        ended: When its end was seen.
        usd: What it cost at list price, at most.
    """

    version: Literal[1] = 1
    type: Literal["unjudged-run"] = "unjudged-run"
    run: str
    stack: str
    operator: str
    suite: str
    experiment: str
    fis_experiment: str
    status: ExecutionStatus
    verdict: Literal["not-judged"]
    began: Moment
    ended: Moment
    usd: Amount
