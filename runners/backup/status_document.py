"""The document of `ial backup status`. `make schemas` makes schemas/backup-status.schema.json from it."""

from __future__ import annotations

from typing import Literal

from contract.parts import Amount, RecordPart
from runners.backup.drill_document import Seconds
from runners.backup.evidence import Check, Kind

StatusExit = Literal[0, 1, 6]
State = Literal["protected", "unprotected", "unknown"]


class LastDrillDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """The newest drill of a resource.

    Attributes:
        run: Its run.
        verdict: How it ended.
        started: When it began.
        rto_seconds: Recovery time.
        rpo_seconds: Recovery point.
    """

    run: str
    verdict: str
    started: str
    rto_seconds: Seconds | None
    rpo_seconds: Seconds | None


class ProtectionDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """A resource.

    Attributes:
        resource: Its name.
        kind: What it is.
        state: unknown when it could not be looked at, which is not protected.
        rpo_seconds: How much of the newest data could not be restored now, in seconds.
        unreadable: Why it could not be looked at.
        checks: What was looked at; `detail` says what to do, too.
        last_drill: The newest drill within a year that ran.
        drill_overdue: Whether no drill has passed for as long as the stack allows.
    """

    resource: str
    kind: Kind
    state: State
    rpo_seconds: Seconds | None
    unreadable: str | None
    checks: tuple[Check, ...]
    last_drill: LastDrillDocument | None
    drill_overdue: bool


class DrillBudget(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """This month's budget of drills, in USD.

    Attributes:
        monthly_usd: What they may cost.
        taken_usd: What is taken.
    """

    monthly_usd: Amount
    taken_usd: Amount


class StatusDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """What is protected and what is not, read now.

    Attributes:
        version: Version of this document.
        stack: The stack.
        resources: Tables, buckets, the database, the configuration bucket.
        drill_budget: This month's budget of drills.
        exit_code: What the shell is told.
    """

    version: Literal[1] = 1
    stack: str
    resources: tuple[ProtectionDocument, ...]
    drill_budget: DrillBudget
    exit_code: StatusExit
