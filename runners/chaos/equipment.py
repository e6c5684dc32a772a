"""What a run works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Protocol

from runners.chaos.alarms import Alarms
from runners.chaos.evidence.probing import Probing
from runners.chaos.injection import Injection
from runners.chaos.load import LoadSource
from runners.chaos.scaling import Scaling
from runners.runs.clock import Clock
from runners.runs.lease import Leases
from runners.runs.records import Records

# FIS lists what it has started after this long at the latest.
LISTED_WITHIN: Final = timedelta(minutes=1)


class Insights(Protocol):
    """Container Insights of the workload's cluster."""

    def value(self) -> str:
        """The setting as it is."""

    def switch(self, value: str) -> None:
        """Sets it."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How long things may take. `breach` is how long a sustained hypothesis may be broken before the fault is stopped.

    `overdue` beyond the fault's own length, FIS has not ended it: it is stopped, and given `stop_within` for that.
    FIS lists what it started after `listed_within` at the latest.
    """

    every: timedelta = timedelta(seconds=10)
    overdue: timedelta = timedelta(minutes=10)
    stop_within: timedelta = timedelta(minutes=3)
    lag: timedelta = timedelta(seconds=90)
    breach: timedelta = timedelta(minutes=4)
    listed_within: timedelta = LISTED_WITHIN
    baseline: timedelta = timedelta(minutes=3)


@dataclass(frozen=True, kw_only=True)
class Equipment:
    """Ports and pace. `alarms_watched` are the alarms whose changes count for or against the alerting.

    `versions` says which versions of the workload run, as the record shows them; it raises nothing.
    """

    injection: Injection
    alarms: Alarms
    probing: Probing
    scaling: Scaling
    leases: Leases
    records: Records
    load: LoadSource
    clock: Clock
    say: Callable[[str], object]
    insights: Insights | None = None
    versions: Callable[[], Mapping[str, Any]] | None = None
    alarms_watched: tuple[str, ...] = ()
    pace: Pace = field(default_factory=Pace)
