"""A version of a part of the workload, as records have it."""

from __future__ import annotations

from contract.parts import RecordPart


class VersionRead(RecordPart, frozen=True, kw_only=True):
    """A version as it was read.

    Attributes:
        kind: What it is a version of.
        name: Name of that.
        running: What tells versions apart: a task definition, a launch template with its version, weights, a version
            of an alias or of a configuration; null is not known.
        images: Digests of the images by container; null is not known, or there are none.
        revision: Service revision.
        deployment: Deployment that is under way.
        unread: Why the version is not known.
    """

    kind: str
    name: str
    running: str | None
    images: dict[str, str] | None
    revision: str | None
    deployment: str | None
    unread: str | None
