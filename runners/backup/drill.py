"""What a drill is to the life cycle, and what the life cycle gives to a drill."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from runners.backup.evidence import CHECK, DONE, FINDING, Check, Finding, Kind, steps_done
from runners.runs.clock import Clock, parse_rfc3339
from runners.runs.journal import Journal

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


def _nothing() -> None:
    """Stands in nobody's way."""


class DrillRun:
    """One run of a drill, as its steps see it."""

    def __init__(self, run: str, journal: Journal, clock: Clock, say: Callable[[str], object]) -> None:
        self.id, self.clock, self.say = run, clock, say
        self.journal = journal
        # Asked before each step; raises what keeps the run from going on.
        self.guard: Callable[[], object] = _nothing

    def step(self, name: str, action: Callable[[], Mapping[str, Any]], told: str = "") -> Mapping[str, Any]:
        """Does one step, once: a line before, a line with the result after. Both survive a crash.

        A step that is done is not done again when the run is resumed: its result comes from the journal. One that
        was cut off is: `action` must be able to meet its own half-done work. The result must be plain JSON.
        """
        done = self.journal.last(name + DONE)
        if done is not None:
            return done.data
        self.guard()
        self.say(told or name)
        self.journal.write(name)
        return self.journal.write(name + DONE, **action()).data

    def result(self, name: str) -> Mapping[str, Any] | None:
        """The result of a step, None if it is not done."""
        done = self.journal.last(name + DONE)
        return None if done is None else done.data

    def began(self, name: str) -> datetime | None:
        """When a step began for the first time, even if it never ended: clean-up goes by this."""
        found = next((entry for entry in self.journal.entries if entry.step == name), None)
        return None if found is None else parse_rfc3339(found.at)

    def result_at(self, name: str) -> datetime | None:
        """When a step was done, None if it is not."""
        done = self.journal.last(name + DONE)
        return None if done is None else parse_rfc3339(done.at)

    def seconds(self, name: str) -> float | None:
        """How long a finished step took, from its first beginning."""
        pair = steps_done(self.journal.entries).get(name)
        return None if pair is None else (parse_rfc3339(pair[1].at) - parse_rfc3339(pair[0].at)).total_seconds()

    def check(self, check: Check) -> None:
        """Keeps what was looked at. The verdict follows from this."""
        self.journal.write(CHECK, **check.document())

    def finding(self, finding: Finding) -> None:
        """Keeps what somebody should do."""
        self.journal.write(FINDING, **finding.document())

    def attachment(self, name: str) -> Path:
        """A file beside the journal, for what is too large for a line."""
        return self.journal.path.with_suffix(f".{name}")


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

    def obstacles(self) -> list[str]:
        """Why it cannot run now, in words for people; empty when it can. Reads, changes nothing."""

    def carry_out(self, run: DrillRun) -> None:
        """Restores beside the original and looks at the result. May be called again for the same run."""

    def clean_up(self, run: DrillRun) -> list[str]:
        """Removes everything that the run may have made, however far it came, and names what is left."""
