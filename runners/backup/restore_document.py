"""The document of `ial backup restore`. `make schemas` makes schemas/backup-restore.schema.json from it."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from contract.parts import Amount, RecordPart
from runners.backup.evidence import Check

RestoredKind = Literal["table", "bucket", "database"]
RestoreVerdict = Literal["planned", "restored", "incomplete"]
RestoreExit = Literal[0, 1, 3, 7]


class RestorePlanDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """What is going to be done.

    Attributes:
        stack: The stack.
        kind: What is restored.
        source: Its name.
        target: Where to.
        at: The moment. UTC, RFC 3339.
        cost_usd: What it costs: once for a table, with a month of the copies' storage for a bucket, a month for a
            database. null when it is unknown; `notes` says why.
        steps: What is done.
        afterwards: What is left to people.
        duration: How long it takes, in words.
        notes: What to know before: an unknown price, settings that cannot be put back.
    """

    stack: str
    kind: RestoredKind
    source: str
    target: str
    at: str
    cost_usd: Amount | None
    steps: tuple[str, ...]
    afterwards: tuple[str, ...]
    duration: str
    notes: tuple[str, ...]


class RestoreDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """What a restore is going to do, or did.

    Attributes:
        version: Version of this document.
        run: Its run; null when it was only planned.
        verdict: How it stands.
        plan: The plan.
        checks: What was looked at afterwards.
        notes: What is to be known and no check decides: what a copy could not keep, objects whose state at the moment
            is uncertain.
        left: What may not be whole, or could not be written down; somebody has to look, and it says how to go on.
            Absent from older documents.
        exit_code: 0 restored, 1 something is not as it was, 3 only planned, 7 somebody has to look what is there.
    """

    version: Literal[1] = 1
    run: str | None
    verdict: RestoreVerdict
    plan: RestorePlanDocument
    checks: tuple[Check, ...]
    notes: tuple[str, ...]
    left: tuple[str, ...] | UnsetType = UNSET
    exit_code: RestoreExit
