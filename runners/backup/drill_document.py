"""The document of one drill. `make schemas` makes schemas/drill-record.schema.json from it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from contract.parts import Amount, Count, RecordPart
from contract.run_name import RunName
from runners.backup.evidence import Check, Finding, Kind, Verdict

Seconds = Annotated[float, Meta(ge=0)]
DrillExit = Literal[0, 1, 3, 5, 6, 7, 130]


class DrillCost(RecordPart, frozen=True, kw_only=True):
    """What the drill costs at most, at list price, judged before it began.

    Attributes:
        usd: USD; null when a price is unknown, which a line names. Such a drill is refused.
        lines: How it comes about.
    """

    usd: Amount | None
    lines: tuple[str, ...]


class Phase(RecordPart, frozen=True, kw_only=True):
    """A step.

    Attributes:
        name: Its name.
        started: UTC, RFC 3339.
        seconds: How long it took, waiting included.
    """

    name: str
    started: str
    seconds: Seconds


class CleanUpDocument(RecordPart, frozen=True, kw_only=True):
    """Whether everything that the run made is gone.

    Attributes:
        confirmed: Whether that was seen.
        left: What is left, for somebody to remove.
    """

    confirmed: bool
    left: tuple[str, ...]


class DrillDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """What one drill did, saw and concluded. What is not known is null, never zero.

    Attributes:
        version: Version of this document.
        run: Name of the run.
        stack: The stack.
        kind: What was drilled.
        resource: Its name.
        verdict: passed: every piece of evidence is there and says yes. failed: something says no. inconclusive:
            evidence is missing. refused: not started. error: a call failed for good. interrupted: stopped by a
            person or a time-out.
        reasons: Why it did not pass; empty when it did.
        reason_codes: Codes of the reasons for which it was refused, as docs/preflight.md lists them; records of
            before have none.
        started: When the run began. UTC, RFC 3339.
        ended: When it ended. UTC, RFC 3339.
        restored_to: The moment whose data was brought back. UTC, RFC 3339.
        rto_seconds: Recovery time: from the request to restore until the data was proven to be right.
        rpo_seconds: Recovery point: how much of the newest data could not have been restored, in seconds.
        objective_minutes: What the recovery time is judged by.
        cost: What the drill costs at most, at list price, judged before it began.
        phases: The steps that were finished.
        checks: What was looked at.
        findings: What a restore loses or what is not as it should be; decides no verdict.
        clean_up: Whether everything that the drill made is gone.
        exit_code: What the shell is told.
    """

    version: Literal[1] = 1
    run: RunName
    stack: str
    kind: Kind
    resource: str
    verdict: Verdict
    reasons: tuple[str, ...]
    reason_codes: tuple[str, ...] | UnsetType = UNSET
    started: str
    ended: str | None
    restored_to: str | None
    rto_seconds: Seconds | None
    rpo_seconds: Seconds | None
    objective_minutes: Count
    cost: DrillCost
    phases: tuple[Phase, ...]
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    clean_up: CleanUpDocument
    exit_code: DrillExit
