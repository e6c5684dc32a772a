"""RDS as a drill and a restore see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Database:
    """An instance. `address` is where it answers, None while it cannot."""

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
    subnet_group: str | None
    security_groups: tuple[str, ...]
    parameter_group: str | None
    address: tuple[str, int] | None
    latest_restorable: datetime | None
    retention_days: int
    deletion_protection: bool
    performance_insights: bool
    monitoring_seconds: int
    tags: Mapping[str, str]


class Databases(Protocol):
    """The calls that are needed. Each raises AwsError when it fails for good."""

    def database(self, name: str) -> Database | None:
        """The instance, None if there is none."""

    def restore(self, source: Database, target: str, at: datetime, tags: Mapping[str, str]) -> None:
        """Begins to restore a time, a whole second, to a new private instance of the same size in one zone."""

    def protect(self, name: str, *, standby: bool) -> None:
        """Switches on deletion protection, and a standby in another zone if wanted."""

    def delete(self, name: str) -> bool:
        """Begins to delete an instance without a snapshot; False when it cannot be deleted yet. None is no fault."""


class DatabaseProbe(Protocol):
    """Asks a database something."""

    def ask(self, host: str, port: int) -> tuple[bool, str]:
        """Whether it answered, and what."""
