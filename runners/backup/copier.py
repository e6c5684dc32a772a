"""AWS Backup as copies need it: jobs, the recovery points that they make, and the vault that keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

DONE: Final = frozenset({"COMPLETED", "PARTIAL", "FAILED", "ABORTED", "EXPIRED"})


@dataclass(frozen=True, kw_only=True)
class Job:
    """A backup job; `message` is AWS's."""

    id: str
    state: str
    message: str = ""
    point: str | None = None
    size: int | None = None


@dataclass(frozen=True, kw_only=True)
class RecoveryPoint:
    """A copy that exists."""

    arn: str
    status: str
    created: datetime
    size: int
    encrypted: bool
    deleted_at: datetime | None


class Copier(Protocol):
    """AWS Backup. Each call raises AwsError when it fails for good."""

    def start(self, resource: str, vault: str, role: str, days: int, token: str) -> str:
        """Begins a copy that is kept for so many days; the same token begins nothing new. Returns the job."""

    def job(self, id_: str) -> Job:
        """How a job stands."""

    def points(self, resource: str, vault: str) -> Sequence[RecoveryPoint]:
        """The copies of a resource in a vault, newest first."""

    def readable(self, point: RecoveryPoint, vault: str) -> bool:
        """Whether AWS knows how to restore it."""


@dataclass(frozen=True, kw_only=True)
class Vault:
    """Where copies go, and by which rules."""

    name: str
    role: str
    days: int
    schedule: str
