"""RDS as a drill and a restore see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, kw_only=True)
class Database:
    """An instance. `address` is where it answers, None while it cannot; `described` is all that RDS says of it."""

    name: str
    arn: str
    status: str
    engine: str
    version: str
    size: str
    storage_gb: int
    storage_type: str
    encrypted: bool
    multi_az: bool
    address: tuple[str, int] | None
    latest_restorable: datetime | None
    retention_days: int
    deletion_protection: bool
    tags: Mapping[str, str]
    described: Mapping[str, Any]

    @property
    def is_settled(self) -> bool:
        """Whether it is there, and nothing that was asked of it is still to come."""
        return self.status == "available" and not self.described.get("PendingModifiedValues")


class Databases(Protocol):
    """The calls that are needed. Each raises AwsError when it fails for good."""

    def database(self, name: str) -> Database | None:
        """The instance, None if there is none."""

    def earliest(self, name: str) -> datetime | None:
        """The first moment to which its automated backups go back; None if they do not say."""

    def restore(self, source: Database, target: str, at: datetime) -> str:
        """Begins to restore a time, a whole second, to a new instance in one zone with the settings of the source.

        Where RDS refuses the settings, those come that it needs to find its network: what it said, else nothing.
        """

    def restore_beside(self, source: Database, target: str, at: datetime, tags: Mapping[str, str]) -> str:
        """As `restore`, private and with other tags, for a while: without what would cost, stay or reach others."""

    def put_back(self, source: Database, target: str) -> str:
        """Switches on deletion protection, and what a restore does not take; what RDS said when it refused that."""

    def delete(self, name: str) -> bool:
        """Begins to delete an instance without a snapshot; False when it cannot be deleted yet. None is no fault."""


class DatabaseProbe(Protocol):
    """Asks a database something."""

    def ask(self, host: str, port: int) -> tuple[bool, str]:
        """Whether it answered, and what."""
