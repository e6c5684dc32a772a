"""What a drill is to the life cycle, and what the life cycle gives to a drill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from runners.backup.evidence import Check, Finding, Kind
from runners.backup.lines import Checked, Found
from runners.runs.reason import Obstacle
from runners.runs.run import Run

if TYPE_CHECKING:
    from runners.backup.tables.reading import Reading


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a drill costs at list price in USD, and how that comes about: `0.50 GB restored x 0.15 = 0.075`.

    None is an unknown sum; `unknown` says which prices are missing. `reads` is what is read of a table, by what it is
    of: `source`, `copy`.
    """

    usd: Decimal | None
    lines: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    reads: Mapping[str, Reading] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class DrillLimits:
    """How long the parts of a drill may take. `objective` decides the verdict, the others end the waiting."""

    objective: timedelta = timedelta(minutes=15)
    restorable_within: timedelta = timedelta(minutes=15)
    restored_within: timedelta = timedelta(hours=2)
    deleted_within: timedelta = timedelta(minutes=30)
    every: timedelta = timedelta(seconds=5)

    def objective_check(self, rto_seconds: float) -> Check:
        """Whether the data was back, and proven to be right, in time."""
        limit = self.objective.total_seconds()
        return Check(
            name="recovery-time",
            ok=rto_seconds <= limit,
            expected=f"at most {limit:g} s",
            observed=f"{rto_seconds:.1f} s",
        )


class DrillRun(Run):
    """One run of a drill, as its steps see it."""

    def check(self, check: Check) -> None:
        """Keeps what was looked at. The verdict follows from this."""
        self.journal.add(Checked(**check.document()))

    def finding(self, finding: Finding) -> None:
        """Keeps what somebody should do."""
        self.journal.add(Found(**finding.document()))


class Drill(Protocol):
    """A drill of one resource. Everything it needs to continue or to clean up is in the run's journal."""

    @property
    def kind(self) -> Kind:
        """What is drilled."""

    @property
    def resource(self) -> str:
        """Its name."""

    @property
    def required(self) -> frozenset[str]:
        """The checks without which no drill of this kind has passed."""

    def cost(self) -> Cost:
        """What a run costs, at most, judged before it starts. Reads, changes nothing."""

    def obstacles(self) -> list[Obstacle]:
        """Why it cannot run now; empty when it can. Reads, changes nothing."""

    def carry_out(self, run: DrillRun) -> None:
        """Restores beside the original and looks at the result. May be called again for the same run."""

    def clean_up(self, run: DrillRun) -> list[str]:
        """Removes everything that the run may have made, however far it came, and names what is left."""
