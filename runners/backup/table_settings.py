"""The settings of a table that a restore loses, read from one table and put on another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from runners.backup.evidence import Check


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """Autoscaling of one dimension of a table or of one of its indexes; `index` is None for the table itself."""

    dimension: str
    index: str | None
    least: int
    most: int
    policies: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class TableSettings:
    """None is "off", and also what is not known."""

    time_to_live: str | None
    stream: str | None
    tags: Mapping[str, str]
    recovery_days: int | None
    deletion_protection: bool
    scaling: tuple[Scaling, ...] = ()
    resource_policy: str | None = None

    def parts(self) -> Iterator[tuple[str, str]]:
        """Each setting by name, as people read it; what is off is left out. In the order in which they are put on."""
        if self.recovery_days is not None:
            yield "point-in-time-recovery", f"{self.recovery_days} days"
        if self.time_to_live:
            yield "time-to-live", self.time_to_live
        if self.stream:
            yield "stream", self.stream
        if self.tags:
            yield "tags", ", ".join(f"{key}={value}" for key, value in sorted(self.tags.items()))
        if self.scaling:
            yield "autoscaling", ", ".join(sorted(held.dimension for held in self.scaling))
        if self.resource_policy:
            yield "resource-policy", "as it is"
        if self.deletion_protection:
            yield "deletion-protection", "on"


class SettingsStore(Protocol):
    """Reads and writes settings. Each call raises AwsError when it fails for good; putting twice is no fault."""

    def read(self, table: str) -> TableSettings:
        """The settings of a table."""

    def put(self, table: str, part: str, settings: TableSettings) -> None:
        """Puts one part, by its name in `parts`, on a table."""

    def watching(self, table: str) -> Sequence[str]:
        """The alarms that watch a table by its name."""


def settings_checks(wanted: TableSettings, found: TableSettings) -> list[Check]:
    """Whether each setting is there."""
    have = dict(found.parts())
    return [
        Check(name=name, ok=have.get(name) == shown, expected=shown, observed=have.get(name, "off"))
        for name, shown in wanted.parts()
    ]
