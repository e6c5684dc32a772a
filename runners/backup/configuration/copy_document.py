"""The documents of `ial backup config`. `make schemas` makes their schemas from them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from contract.parts import RecordPart
from runners.backup.evidence import Check

VerifyExit = Literal[0, 1]


class CopiedFile(RecordPart, frozen=True, kw_only=True):
    """A file.

    Attributes:
        name: Its name below the prefix.
        size: Bytes.
        sha256: Digest of its bytes.
    """

    name: str
    size: Annotated[int, Meta(ge=0)]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]


class Gap(RecordPart, frozen=True, kw_only=True):
    """A file that is missing.

    Attributes:
        name: Its name below the prefix.
        reason: Why it is missing.
    """

    name: str
    reason: str


class ConfigurationCopy(RecordPart, frozen=True, kw_only=True):
    """A copy of a stack's configuration: the answer of `ial backup config --json`, and the manifest of the copy.

    Attributes:
        version: Version of this document.
        bucket: The stack's configuration bucket.
        prefix: Where the copy lies in it.
        taken: When it was taken. UTC, RFC 3339.
        files: What was copied.
        gaps: What could not be copied.
    """

    version: Literal[1] = 1
    bucket: str
    prefix: str
    taken: str
    files: tuple[CopiedFile, ...]
    gaps: tuple[Gap, ...]


class ConfigurationCheck(RecordPart, frozen=True, kw_only=True, rename="camel"):
    """What reading a copy back showed.

    Attributes:
        version: Version of this document.
        copy: The copy.
        checks: One for completeness, one a file.
        exit_code: What the shell is told.
    """

    version: Literal[1] = 1
    copy: ConfigurationCopy
    checks: tuple[Check, ...]
    exit_code: VerifyExit
