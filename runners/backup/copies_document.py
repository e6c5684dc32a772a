"""The documents of `ial backup run` and `ial backup verify`. `make schemas` makes their schemas from them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from contract.parts import RecordPart
from contract.run_name import RunName
from runners.backup.evidence import Check

CopiesExit = Literal[0, 1, 5, 7]
VerifyExit = Literal[0, 1]
Size = Annotated[int, Meta(ge=0)]


class JobDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """A job of AWS Backup.

    Attributes:
        resource: What is copied.
        job: AWS Backup's job.
        state: AWS Backup's state: COMPLETED is a copy. UNKNOWN when nobody could ask any more.
        message: What AWS says of it.
        recovery_point: The copy; null without one.
        size_bytes: Its size.
    """

    resource: str
    job: str
    state: str
    message: str
    recovery_point: str | None
    size_bytes: Size | None


class CopiesDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """Copies that were made on demand.

    Attributes:
        version: Version of this document.
        run: Name of the run.
        jobs: A backup job a resource.
        left: What may be under way without being watched, or could not be written down; somebody has to look, and it
            says how to go on. Absent from older documents.
        exit_code: 0 all completed, 1 one failed, 5 one is not over, 7 somebody has to look what is there.
    """

    version: Literal[1] = 1
    run: RunName
    jobs: tuple[JobDocument, ...]
    left: tuple[str, ...] | UnsetType = UNSET
    exit_code: CopiesExit


class CopiedResource(RecordPart, frozen=True, kw_only=True):
    """A resource that the plan copies.

    Attributes:
        resource: Its name.
        checks: What was looked at.
    """

    resource: str
    checks: tuple[Check, ...]


class CopiesCheckDocument(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """Whether the newest copy of each resource could be used.

    Attributes:
        version: Version of this document.
        resources: What the plan copies.
        exit_code: What the shell is told.
    """

    version: Literal[1] = 1
    resources: tuple[CopiedResource, ...]
    exit_code: VerifyExit
